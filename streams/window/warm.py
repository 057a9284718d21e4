"""Compiling before there is work: the first time on a machine takes tens of seconds, later ones a moment."""

from __future__ import annotations

from typing import Final

from streams.domain.hexes import cell_of
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    Sightings,
    TimeAdvanced,
)
from streams.window.growing import FIRST
from streams.window.loading import Loading
from streams.window.saving import Saver
from streams.window.touring import Touring
from streams.window.window import Window

PHONES: Final = FIRST + 1
"""More than there is room for at first, so that the tables grow."""
RING: Final = ((0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.1), (0.0, 0.0))


def warm(window: Window) -> None:
    """Compile all that a window calls, or load it where it was compiled before. The window is used up."""
    policy = window.rules.policy
    cell = cell_of(0.05, 0.05, policy.resolution)
    clock = policy.slot_minutes * 60
    phones = [number.to_bytes(16, "big") for number in range(PHONES)]
    sightings = Sightings(clock, phones, [cell] * PHONES, [1] * PHONES, [False] * PHONES)
    area = AreaVersion("warm", 1, ((RING,),), 0)
    case = Exclusion("warm", 1, phones[0], None, clock)
    window.counting.on = True
    for record in (
        sightings,
        AreaPublished(clock, area),
        Excluded(clock, case),
        PolicyPublished(clock, policy.version + 1),
        TimeAdvanced(2 * clock),
    ):
        window.apply(record, None).changes.tally()
    Touring(window, lambda _: 0, 1).of(phones[0], 1, 0)
    saver = Saver(window)
    again = Loading(Window(window.deployment, window.rules.policy, (), window.partition), saver.account())
    for segment, kept in saver.packed(saver.rest()):
        again.take(segment, kept)
    again.window()
