"""A trace's towers: ids of any kind to `mcc-net-area-cell`, and where they stand.

What is no real cell's id goes to the test network, MCC 1 (001) and MNC 1, in three areas that never meet:

| area | the tower is named by | its cell |
|---|---|---|
| 0 | a decimal number without leading zeros, as 461 | that number |
| 1 | any other text, at most 64 bytes of UTF-8 | a 1 and its bytes, read as one number |
| 2 | its position, to a 100,000th of a degree | degrees east of 180 W and north of 90 S, 8 digits each |

So an id is a function of the trace's own id and of nothing else, and two ids of the trace never become one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from streams.domain.towers import PARTS, canonical, tower_id
from streams.traces.columns import joined
from streams.traces.who import SPOILT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.traces.columns import Header
    from streams.traces.mapping import Place, Positions, Towers

TEST_NETWORK: Final = "1-1"
"""MCC 001 is for tests (ITU-T E.212); ids are written without leading zeros."""
LONGEST: Final = 64
"""Bytes of a site's id at most."""
GRAIN: Final = 100_000
"""Steps of a degree: 1.1 m of latitude."""
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_DEGREES: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_KEPT: Final = 1 << 18
_FIRST: Final = b"\x01"
"""Before a text's bytes, so that none is lost that is zero."""
_DIGITS: Final = 10**8
"""Room for latitude behind longitude."""
_BETWEEN: Final = "\0"
"""Between the fields of an id in several columns."""

Position = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""


def site_id(text: str) -> str | None:
    """Return the tower's id of a site that is called `text`, None if it is too long or was misread."""
    if _DECIMAL.fullmatch(text) is not None:
        return f"{TEST_NETWORK}-0-{text}"
    raw = text.encode("utf-8", "replace")
    if SPOILT in text or len(raw) > LONGEST:
        return None
    return f"{TEST_NETWORK}-1-{int.from_bytes(_FIRST + raw)}"


def id_at(position: Position) -> tuple[str, Position]:
    """Return the tower's id of a position, and the position rounded as the id has it."""
    east, north = (round((degrees + half) * GRAIN) for degrees, half in zip(position, (180, 90), strict=True))
    rounded = (round(east / GRAIN - 180, 5), round(north / GRAIN - 90, 5))
    return f"{TEST_NETWORK}-2-{east * _DIGITS + north}", rounded


class Ids:
    """Reads towers' ids of a row; remembers the latest."""

    def __init__(self, towers: Towers, places: Sequence[int]) -> None:
        self._of = site_id if towers.kind == "id" else _cells(towers.parts, len(places))
        self._parts = len(places)
        self._read = joined(places, _BETWEEN)
        self._known: dict[str, str | None] = {}

    def text(self, row: list[str]) -> str:
        """Return what the row calls the tower; '' if it does not."""
        return self._read(row)

    def __call__(self, text: str) -> str | None:
        """Return the id, None for what is none."""
        if text not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            # A field that holds what stands between fields could pass for two.
            whole = text.count(_BETWEEN) == self._parts - 1
            self._known[text] = self._of(text) if whole else None
        return self._known[text]


class Spots:
    """Reads the position of a row, and the range beside it."""

    def __init__(self, place: Place, positions: Positions, header: Header, where: str) -> None:
        names = ("position",) if len(place.columns) == 1 else ("lon", "lat")
        self._reads = [
            joined([header(column, f"{where}: {name}")])
            for column, name in zip(place.columns, names, strict=True)
        ]
        self._range = None if place.range is None else joined([header(place.range, f"{where}: range")])
        self._positions = positions

    def texts(self, row: list[str]) -> tuple[str, ...]:
        """Return what the row says of longitude and latitude; '' where it says nothing."""
        if len(self._reads) > 1:
            return tuple(read(row) for read in self._reads)
        [read] = self._reads
        text = read(row)
        parts = tuple(part.strip() for part in text.split(self._positions.separator))
        return parts[::-1] if self._positions.latitude_first else parts

    def __call__(self, texts: tuple[str, ...]) -> Position | None:
        """Return the position, None for what is none on the sphere."""
        numbers = [float(text) for text in texts if _DEGREES.fullmatch(text) is not None]
        if len(numbers) != len(("lon", "lat")) or len(texts) != len(numbers):
            return None
        longitude, latitude = numbers
        if abs(longitude) > 180 or abs(latitude) > 90:  # noqa: PLR2004 - the sphere's own numbers
            return None
        return longitude, latitude

    def range(self, row: list[str]) -> float | None:
        """Return the range in metres; 0 where the row has none, None for what is no number."""
        text = "" if self._range is None else self._range(row)
        if not text:
            return 0.0
        return float(text) if _DEGREES.fullmatch(text) is not None else None


def _cells(parts: tuple[str, ...], columns: int) -> Callable[[str], str | None]:
    """Return what makes an id of the parts that a row has, the constant ones before them."""
    if len(parts) + columns < PARTS:
        return canonical
    return lambda text: tower_id(*parts, *text.split(_BETWEEN))
