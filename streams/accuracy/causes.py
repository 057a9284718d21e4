"""Why somebody was called red falsely: from where they truly were while they were said to be in the area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.accuracy.definition import BORDER_M, FAR_M, STAY
from streams.accuracy.spells import spells
from streams.accuracy.world import NEVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.accuracy.tracks import Tracks
    from streams.accuracy.world import Standing, World
    from streams.domain.records import Reason

CAUSES: Final = ("early", "late", "too short", "beside", "in reach", "elsewhere", "untold")
"""Each false red has one; of several stays said the first that fits counts, in this order.

`early` and `late`: the visit said meets a true stay, and red is said before that makes the truth red, or
after. `too short`: truly inside, but no true stay. Else never inside, and at the nearest within BORDER_M
(`beside`), within FAR_M (`in reach`) or further away (`elsewhere`) during the visit said. `untold`: the
truth tells nothing of it.
"""


def cause(tracks: Tracks, world: World, phone: int, stays: Iterable[Reason], at: int) -> str:
    """Return why a phone was falsely red from `at` on, given the stays it was red for."""
    found = [_of_stay(tracks, world, phone, stay, at) for stay in stays]
    return min(found, key=CAUSES.index, default="untold")


def _of_stay(tracks: Tracks, world: World, phone: int, stay: Reason, at: int) -> str:
    standing = world.area(stay.area, stay.area_version)
    if standing is None or stay.from_ is None or stay.until is None:
        return "untold"
    begun = _true_stay(tracks, standing, phone, stay.from_, stay.until)
    if begun is not None:
        return "early" if at < begun + STAY else "late"
    rows = tracks.between(phone, stay.from_, stay.until)
    if rows.start == rows.stop:
        return "untold"
    return _by_distance(float(standing.shape.metres(tracks.lon[rows], tracks.lat[rows]).min()))


def _true_stay(tracks: Tracks, standing: Standing, phone: int, begin: int, until: int) -> int | None:
    """Return when the first true stay began that has a second of [begin, until), None if none has."""
    version, rows = standing.version, tracks.rows(phone)
    assert version is not None  # noqa: S101 - an area's standing has one
    here = standing.shape.holds(tracks.lon[rows], tracks.lat[rows])
    found = spells(
        tracks.phone[rows],
        tracks.start[rows],
        tracks.end[rows],
        here,
        version.from_,
        NEVER if version.until is None else version.until,
    )
    meets = (found.length >= STAY) & (found.start < until) & (found.end > begin)
    return int(found.start[meets][0]) if meets.any() else None


def _by_distance(metres: float) -> str:
    if metres <= 0:
        return "too short"
    if metres <= BORDER_M:
        return "beside"
    return "in reach" if metres <= FAR_M else "elsewhere"
