"""A small world in which every rule finds work: places, phones, thresholds (for histories.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from h3.api import basic_int as h3

if TYPE_CHECKING:
    from random import Random

    from streams.domain.records import Geometry, Polygon, Ring

RESOLUTION: Final = 8
DAY: Final = 86_400
START: Final = 1_585_353_600
"""2020-03-28T00:00:00Z: the day after, clocks in Berlin go forward."""

CENTRE: Final = (116.4, 39.9)
EAST: Final = 0.0115
"""Degrees of longitude of about one cell."""

PHONES: Final = tuple(bytes([1, rest]) + bytes(14) for rest in (255, 0, 7, 128))


def cell_at(east: float, north: float = 0.0) -> int:
    """Return the cell so many cells' widths east and north of the centre."""
    longitude, latitude = CENTRE
    return int(h3.latlng_to_cell(latitude + north * EAST, longitude + east * EAST, RESOLUTION))


PLACES: Final = tuple(dict.fromkeys(cell_at(east / 2) for east in range(-14, 15)))
"""Cells in a row from west to east through both areas and out on both sides."""

BORDERS: Final = tuple(PLACES.index(cell_at(east)) for east in (-4, -3.5, -3, 4, 4.5, 5))
"""Numbers of places where the areas end on the side away from each other."""

FAR: Final = (cell_at(15), cell_at(200), cell_at(0, 12))
"""Some 15 km, 200 km and 15 km the other way."""


def box(west: float, east: float, half_height: float = 1.6) -> Polygon:
    """Return a box in cells' widths around the centre's latitude."""
    longitude, latitude = CENTRE
    x0, x1 = longitude + west * EAST, longitude + east * EAST
    y0, y1 = latitude - half_height * EAST, latitude + half_height * EAST
    ring: Ring = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
    return (ring,)


def with_hole(west: float, east: float) -> Polygon:
    (outer,) = box(west, east)
    (hole,) = box((west + east) / 2 - 0.5, (west + east) / 2 + 0.5, 0.5)
    return (outer, hole)


SHAPES: Final[dict[str, tuple[Geometry, ...]]] = {
    "a": ((box(-4, 0),), (box(-3, 1),), (box(-2, -1, 0.6),), (box(-4, -2), box(-1, 1))),
    "é": ((box(0, 4),), (box(1.5, 5),), (box(-1, 3),), (with_hole(-1, 4),)),
}
NO_CELLS: Final[Geometry] = (box(0.01, 0.02, 0.001),)
HOMES: Final[tuple[Geometry, ...]] = ((box(-9, 1, 3.0),), (box(1.2, 9, 3.0),), (box(-1, 1),))


def thresholds(random: Random, slot_minutes: int, retention_days: int) -> dict[str, Any]:
    """Thresholds small enough for a short history, all of them allowed (rule 3.4)."""
    window = random.randint(1, min(2, retention_days))
    jump, support, pingpong = random.choice(
        [
            (60, 120, 60),
            (60, 60, 120),
            (30, 60, 50),
            (60, 120, 180),
            (45, 100, 30),
            (420, 660, 360),
            (0, 0, 0),
        ]
    )
    return {
        "window_days": window,
        "jump_minutes": jump,
        "support_minutes": support,
        "pingpong_minutes": pingpong,
        "jump_speed": random.choice([2, 100, 5.5]),
        "jump_min_km": random.choice([10, 10, 1.5]),
        "pingpong_rings": random.choice([2, 1, 1, 0]),
        "max_gap_minutes": random.choice([120, 240, 60, 400]),
        "min_stay_slots": random.choice([2, 1, 3]),
        "stay_minutes": random.choice([2, 1, 3]) * slot_minutes + random.choice([0, 0, -5]),
        "dwell_mode": random.choice(["continuous", "continuous", "span"]),
        "timezone": random.choice(["Asia/Shanghai", "UTC", "Europe/Berlin", "America/St_Johns"]),
        "jurisdiction": random.choice([None, *HOMES]),
        "jurisdiction_fringe_rings": random.choice([1, 0, 2]),
        "absence_minutes": random.choice([2, 1, 4]) * slot_minutes,
        "stale_minutes": random.choice([720, 360, 1000, 1440, 2000]),
        "min_days": random.randint(1, window),
    }
