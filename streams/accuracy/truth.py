"""The true colours: of the true track and the areas' polygons alone, in continuous time.

Nothing here comes from the rules or from a policy: no hexes, no slots, no thresholds but those of
`definition`. A spell of s to e, cut to the window (t - WINDOW, t], is STAY long iff s + STAY <= t <= e +
WINDOW - STAY; it has a second in it iff s < t < e + WINDOW. So every colour is an interval, and no moment
needs to be tried.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from streams.accuracy.definition import ABSENCE, GREEN, RED, STAY, WINDOW, YELLOW
from streams.accuracy.spells import spells
from streams.accuracy.timeline import highest
from streams.accuracy.world import ALWAYS, NEVER

if TYPE_CHECKING:
    from streams.accuracy.timeline import Level, Timeline
    from streams.accuracy.tracks import Bools, Tracks
    from streams.accuracy.world import Standing, World


def true_colours(tracks: Tracks, world: World) -> list[Timeline]:
    """Return each phone's true colours, by its number; unknown before its first row of truth."""
    levels: defaultdict[int, list[Level]] = defaultdict(list)
    for standing in world.areas:
        _of_area(tracks, standing, levels)
    for standing in world.jurisdictions:
        _of_arrivals(tracks, standing, levels)
    begun = [int(tracks.start[tracks.first[phone]]) for phone in range(len(tracks.phones))]
    return [
        highest([(since, NEVER, GREEN), *levels[phone]]) if phone in levels else [(since, GREEN)]
        for phone, since in enumerate(begun)
    ]


def _of_area(tracks: Tracks, standing: Standing, levels: defaultdict[int, list[Level]]) -> None:
    """Add red for as long as a stay is in the window, and yellow while any presence is."""
    version = standing.version
    assert version is not None  # noqa: S101 - an area's standing has one
    here = standing.shape.holds(tracks.lon, tracks.lat)
    found = spells(
        tracks.phone,
        tracks.start,
        tracks.end,
        here,
        version.from_,
        NEVER if version.until is None else version.until,
    )
    for phone, start, end in zip(found.phone.tolist(), found.start.tolist(), found.end.tolist(), strict=True):
        spans = [(start, end + WINDOW, YELLOW)]
        if end - start >= STAY:
            spans.append((start + STAY, end + WINDOW - STAY, RED))
        for first, last, colour in spans:
            since, until = max(first, standing.since), min(last, standing.until)
            if since < until:
                levels[phone].append((since, until, colour))


def _of_arrivals(tracks: Tracks, standing: Standing, levels: defaultdict[int, list[Level]]) -> None:
    """Add yellow for being in the jurisdiction while an absence of ABSENCE is in the window.

    Where somebody is between two rows, or after the last, is where the row before says.
    """
    home = standing.shape.holds(tracks.lon, tracks.lat)
    away = spells(tracks.phone, tracks.start, tracks.end, ~home, ALWAYS, NEVER)
    for number in np.flatnonzero(away.length >= ABSENCE).tolist():
        phone = int(away.phone[number])
        first = max(int(away.start[number]) + ABSENCE, standing.since)
        last = min(int(away.end[number]) + WINDOW - ABSENCE, standing.until)
        for since, until in _at_home(tracks, phone, home):
            if max(since, first) < min(until, last):
                levels[phone].append((max(since, first), min(until, last), YELLOW))


def _at_home(tracks: Tracks, phone: int, home: Bools) -> list[tuple[int, int]]:
    """Return when a phone is in the jurisdiction, neighbouring rows joined."""
    rows = tracks.rows(phone)
    starts = [*tracks.start[rows].tolist(), NEVER]
    found: list[tuple[int, int]] = []
    for start, following, here in zip(starts, starts[1:], home[rows].tolist(), strict=False):
        if here and found and found[-1][1] == start:
            found[-1] = (found[-1][0], following)
        elif here:
            found.append((start, following))
    return found
