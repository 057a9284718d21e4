"""One row of a call-detail record, to the sightings it tells of or the reason why it tells of none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from streams.files.times import FIRST, LAST
from streams.traces.columns import joined
from streams.traces.where import Ids, Spots, id_at

if TYPE_CHECKING:
    from streams.files.deadletters import Reason
    from streams.traces.columns import Header
    from streams.traces.mapping import Keep, Mapping, Seen
    from streams.traces.sites import Found
    from streams.traces.times import Moments
    from streams.traces.who import Who, Written

_SECONDS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]*)?", re.ASCII)


class Sighting(NamedTuple):
    """What the phone is written under, the tower's id, unix seconds."""

    phones: Written
    cell: str
    seconds: int


class Reading:
    """Reads one [[sighting]] of the rows of one file.

    `by_name` is the phone where the file's name says it; `found` takes towers the rows place, or has those of
    the list of sites.
    """

    def __init__(
        self,
        seen: Seen,
        mapping: Mapping,
        header: Header,
        by_name: str,
        who: Who,
        when: Moments,
        found: Found,
    ) -> None:
        self._mapping, self._who, self._when, self._found = mapping, who, when, found
        self._optional, self._by_name = seen.optional, by_name
        self._phone = None if seen.phone is None else joined([header(seen.phone, f"{seen.where}: phone")])
        self._time = joined([header(column, f"{seen.where}: time") for column in seen.time])
        self._after = None if seen.after is None else joined([header(seen.after, f"{seen.where}: after")])
        self._ids = (
            Ids(mapping.towers, [header(column, f"{seen.where}: tower") for column in seen.tower])
            if seen.tower
            else None
        )
        self._spots = None if seen.place is None else Spots(seen.place, mapping.positions, header, seen.where)

    def __call__(self, row: list[str]) -> Sighting | Reason | None:
        """Return the sighting; None if it is optional and the row does not tell of it."""
        phone = self._by_name if self._phone is None else self._phone(row)
        time = self._time(row)
        after = "" if self._after is None else self._after(row)
        name = "" if self._ids is None else self._ids.text(row)
        spot = () if self._spots is None else self._spots.texts(row)
        if (
            not (phone and time)
            or not (after or self._after is None)
            or not (name or self._ids is None)
            or not all(spot)
        ):
            return None if self._optional else "bad_row"
        phones = self._who(phone)
        if not phones:
            return "bad_phone"
        seconds = self._moment(time, after)
        if seconds is None:
            return "bad_time"
        cell = self._cell(name, spot, row)
        if cell is None:
            known = self._spots is None and self._ids is not None and self._ids(name) is not None
            return "unknown_tower" if known else "bad_tower"
        return Sighting(phones, cell, seconds)

    def _moment(self, time: str, after: str) -> int | None:
        seconds = self._when(time)
        if self._after is None or seconds is None:
            return seconds
        if _SECONDS.fullmatch(after) is None:
            return None
        seconds += int(after.partition(".")[0])
        return seconds if FIRST <= seconds <= LAST else None

    def _cell(self, name: str, spot: tuple[str, ...], row: list[str]) -> str | None:
        """Return the tower's id; None if it is none, or is not in the list of sites."""
        cell = None if self._ids is None else self._ids(name)
        if self._ids is not None and cell is None:
            return None
        if self._spots is None:
            return cell if self._mapping.sites is None or cell in self._found else None
        position, reach = self._spots(spot), self._spots.range(row)
        if position is None or reach is None:
            return None
        if cell is None:
            cell, position = id_at(position)
        self._found.put(cell, position, reach)
        return cell


class Kept:
    """Says of each row of one file whether it is to be used."""

    def __init__(self, keep: tuple[Keep, ...], header: Header) -> None:
        self._tests = [
            (joined([header(one.column, f"keep {place}: column")]), one.values)
            for place, one in enumerate(keep, 1)
        ]

    def __call__(self, row: list[str]) -> bool:
        """Say whether the row holds one of the values in each of the columns."""
        return all(read(row) in values for read, values in self._tests)
