"""Cell towers: the one spelling of an id, and the hex a tower stands in (rule 2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from streams.domain.hexes import cell_of

Placed: TypeAlias = tuple[int, bool]
"""A tower's hex, and whether what it reports is coarse."""

PARTS: Final = 4
"""mcc, net, area and cell."""


@lru_cache(maxsize=1 << 16)
def canonical(text: str) -> str | None:
    """Return a tower's id `mcc-net-area-cell` without leading zeros, None if a part is no decimal number."""
    return tower_id(*parts) if len(parts := text.split("-")) == PARTS else None


def tower_id(mcc: str, net: str, area: str, cell: str) -> str | None:
    """Return the id of the four parts as `canonical` writes it, None if one is no decimal number."""
    parts = (mcc, net, area, cell)
    if not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return "-".join(part.lstrip("0") or "0" for part in parts)


def placed(
    longitude: float, latitude: float, range_m: float | None, resolution: int, coarse_range_m: int
) -> Placed:
    """Return where an antenna (degrees, WGS-84) stands; a range unknown or zero is not coarse (rule 2.1)."""
    coarse = range_m is not None and range_m > coarse_range_m
    return cell_of(longitude, latitude, resolution), coarse


@dataclass(frozen=True, slots=True)
class Tower:
    """A cell tower: its id in the one spelling, degrees in WGS-84, its range in metres or None."""

    id: str
    longitude: float
    latitude: float
    range_m: float | None = None

    def placed(self, resolution: int, coarse_range_m: int) -> Placed:
        """Return where it stands (rule 2.1)."""
        return placed(self.longitude, self.latitude, self.range_m, resolution, coarse_range_m)
