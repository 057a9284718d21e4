"""The mapping file: TOML to a Mapping, or one line that says what is wrong with it and where."""

from __future__ import annotations

import codecs
import tomllib
from typing import TYPE_CHECKING, Any, Final

from streams.files.doors import text_of
from streams.files.rows import UTF_8
from streams.files.unusable import UnusableError
from streams.traces.mapping import Form, Keep, Mapping, Place, Positions, Seen, Sites, Towers
from streams.traces.members import Table
from streams.traces.times import clock_of
from streams.traces.who import phones_of

if TYPE_CHECKING:
    from streams.traces.mapping import Column, TowerKind

FORM: Final = ("delimiter", "header", "encoding")
TOP: Final = (*FORM, "sighting", "keep", "phone", "time", "tower", "position", "sites")
PLACE: Final = ("lon", "lat", "position", "range")
SIGHTING: Final = ("phone", "tower", "time", "after", *PLACE, "optional")
PHONE: Final = ("kind", "country", "namespace", "file_name")
TIME: Final = ("format", "zone", "repeated_hour")
PARTS: Final = ("mcc", "net", "area", "cell")
TOWER: Final = ("kind", *PARTS[:-1])
SITES: Final = (*FORM, "tower", *PLACE)
KINDS: Final[tuple[TowerKind, ...]] = ("cell", "id", "position")


def mapping_of(path: str) -> Mapping:
    """Read a mapping file; UnusableError names the key and what was expected there."""
    top = Table(_toml(path), path, "", TOP)
    form = _form(top)
    phone, tower = top.table("phone", PHONE), top.table("tower", TOWER)
    by_name = phone.flag("file_name", default=False)
    kind = tower.choice("kind", KINDS)
    towers = Towers(kind, _parts(tower, kind))
    tables = top.tables("sighting", SIGHTING)
    if not tables:
        raise UnusableError(path, "sighting", "expected one [[sighting]] at least, found none")
    found = Mapping(
        file=path,
        form=form,
        seen=tuple(_seen(table, towers, header=form.header, by_name=by_name) for table in tables),
        keep=tuple(_keep(table, header=form.header) for table in top.tables("keep", ("column", "values"))),
        phones=phones_of(phone),
        clock=clock_of(top.table("time", TIME)),
        towers=towers,
        positions=_positions(top.table("position", ("order", "separator"))),
        sites=_sites(top, towers) if top.has("sites") else None,
    )
    _check_places(found)
    _check_ids(found)
    return found


def _toml(path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise UnusableError(path, "", f"expected TOML: {error}") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnusableError):
            raise
        raise UnusableError(path, "", "expected TOML, with numbers and depth within reason") from None


def _form(table: Table) -> Form:
    delimiter = table.text("delimiter", ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise table.wrong("delimiter", "one character, no quote")
    encoding = table.text("encoding", UTF_8)
    try:
        info = codecs.lookup(encoding)
        "".encode(encoding)
    except (LookupError, ValueError):
        raise table.wrong("encoding", "an encoding of text that Python knows") from None
    # A file in UTF-8 may begin with a byte order mark however the mapping spells it.
    return Form(delimiter, table.flag("header", default=True), UTF_8 if info.name == "utf-8" else encoding)


def _seen(table: Table, towers: Towers, *, header: bool, by_name: bool) -> Seen:
    if by_name and table.has("phone"):
        raise table.unlike("phone", "expected none: [phone] file_name says that the file's name is the phone")
    return Seen(
        where=table.place,
        phone=None if by_name else table.column("phone", header=header),
        tower=_tower(table, towers, header=header),
        time=table.columns("time", header=header),
        after=table.column_or_none("after", header=header),
        place=_place(table, header=header),
        optional=table.flag("optional", default=False),
    )


def _tower(table: Table, towers: Towers, *, header: bool) -> tuple[Column, ...]:
    """Return the columns of a tower's id."""
    if towers.kind == "position":
        if table.has("tower"):
            raise table.unlike("tower", 'expected none: [tower] kind = "position" takes the position for it')
        return ()
    columns = table.columns("tower", header=header)
    wanted = len(PARTS) - len(towers.parts)
    if towers.kind == "cell" and len(columns) != wanted and (towers.parts or len(columns) != 1):
        names = ", ".join(PARTS[len(towers.parts) :])
        one = "" if towers.parts else ", or one with mcc-net-area-cell"
        raise table.wrong("tower", f"the columns of {names}{one}")
    return columns


def _parts(table: Table, kind: TowerKind) -> tuple[str, ...]:
    """Return the constant parts of towers' ids; they are the first ones."""
    given = [name for name in PARTS[:-1] if table.has(name)]
    if given and kind != "cell":
        raise table.unlike(given[0], 'expected none, unless kind = "cell"')
    for name, expected in zip(given, PARTS, strict=False):
        if name != expected:
            raise table.unlike(name, f"expected {expected} as well: an id begins on its left")
    return tuple(str(table.whole(name)) for name in given)


def _place(table: Table, *, header: bool) -> Place | None:
    reach = table.column_or_none("range", header=header)
    if table.has("position"):
        for other in ("lon", "lat"):
            if table.has(other):
                raise table.unlike(other, "expected none beside position")
        return Place((table.column("position", header=header),), reach)
    if not table.has("lon") and not table.has("lat"):
        if reach is not None:
            raise table.unlike("range", "expected a position beside it: lon and lat, or position")
        return None
    return Place((table.column("lon", header=header), table.column("lat", header=header)), reach)


def _keep(table: Table, *, header: bool) -> Keep:
    return Keep(table.column("column", header=header), frozenset(table.texts("values")))


def _positions(table: Table) -> Positions:
    order = table.choice("order", ("lon lat", "lat lon"), "lon lat")
    return Positions(table.text("separator", ","), order == "lat lon")


def _sites(top: Table, towers: Towers) -> Sites:
    table = top.table("sites", SITES)
    form = _form(table)
    if towers.kind == "position":
        raise table.unlike("tower", 'expected no [sites]: [tower] kind = "position" needs no list')
    columns = _tower(table, towers, header=form.header)
    place = _place(table, header=form.header)
    if place is None:
        raise table.wrong("lon", "a position: lon and lat, or position")
    return Sites(form, columns, place)


def _check_places(mapping: Mapping) -> None:
    """Refuse a mapping by which nobody would know where its towers are."""
    for seen in mapping.seen:
        if mapping.sites is not None and seen.place is not None:
            raise UnusableError(
                mapping.file, seen.where, "expected no position: [sites] says where the towers are"
            )
        if mapping.sites is None and seen.place is None and mapping.towers.kind != "cell":
            raise UnusableError(
                mapping.file, seen.where, "expected a position (lon and lat, or position), or [sites]"
            )
    if any(seen.place is None for seen in mapping.seen) and any(seen.place for seen in mapping.seen):
        raise UnusableError(mapping.file, "sighting", "expected a position in each [[sighting]], or in none")


def _check_ids(mapping: Mapping) -> None:
    """Refuse ids in so many columns here and so many there: they would never be the same."""
    if mapping.towers.kind != "id":
        return
    counts = {len(seen.tower) for seen in mapping.seen}
    if mapping.sites is not None:
        counts.add(len(mapping.sites.tower))
    if len(counts) > 1:
        raise UnusableError(mapping.file, "tower", "expected as many columns wherever a tower is named")
