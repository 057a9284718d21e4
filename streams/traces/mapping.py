"""A mapping file's content: where a call-detail record says who was seen where and when. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Column: TypeAlias = "int | str"
"""A column by its number, from 1, or by its name in the header."""

PhoneKind: TypeAlias = Literal["number", "id", "pseudonym"]
TowerKind: TypeAlias = Literal["cell", "id", "position"]
Hour: TypeAlias = Literal["first", "second"]

RFC_3339: Final = "rfc3339"
UNIX: Final = "unix"
UNIX_MILLIS: Final = "unix-millis"


@dataclass(frozen=True, slots=True)
class Form:
    """How a file's rows are written; `encoding` by Python's name of it."""

    delimiter: str
    header: bool
    encoding: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row says its position: two columns, or one with both in it; and the range, if any (metres)."""

    columns: tuple[Column, ...]
    """Longitude and latitude, or the one column of both."""
    range: Column | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One sighting that each row tells of; `where` is its place in the mapping, for messages."""

    where: str
    phone: Column | None
    """None: the file's name is the phone."""
    tower: tuple[Column, ...]
    """Columns of the tower's id; none where the position itself is the tower."""
    time: tuple[Column, ...]
    after: Column | None
    """Seconds to be added to the time: a call's duration gives its end."""
    place: Place | None
    optional: bool
    """Blank in one of its columns, it is left out and not counted as bad."""


@dataclass(frozen=True, slots=True)
class Keep:
    """Rows whose column holds one of the values are used, all others left out."""

    column: Column
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Phones:
    """What the phones of a trace are."""

    kind: PhoneKind
    country: str | None
    """Numbers are read as dialled there; None: they are E.164."""
    namespace: str
    """Whose ids they are."""


@dataclass(frozen=True, slots=True)
class Clock:
    """How times are written."""

    formats: tuple[str, ...]
    """As strptime has them, or one of RFC_3339, UNIX, UNIX_MILLIS; tried in this order."""
    zone: str | None
    """The IANA zone of times without an offset."""
    repeated_hour: Hour
    """Which of the two is meant where a clock put back shows an hour twice."""


@dataclass(frozen=True, slots=True)
class Towers:
    """What the towers of a trace are; `parts` are the first of mcc, net, area and cell, the same for all."""

    kind: TowerKind
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Positions:
    """How one text holds a position: what stands between its numbers, and whether latitude comes first."""

    separator: str
    latitude_first: bool


@dataclass(frozen=True, slots=True)
class Sites:
    """The layout of the list of sites that a trace brings along."""

    form: Form
    tower: tuple[Column, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file."""

    file: str
    form: Form
    seen: tuple[Seen, ...]
    keep: tuple[Keep, ...]
    phones: Phones
    clock: Clock
    towers: Towers
    positions: Positions
    sites: Sites | None

    @property
    def places(self) -> bool:
        """Say whether the record itself says where its towers are."""
        return all(seen.place is not None for seen in self.seen)
