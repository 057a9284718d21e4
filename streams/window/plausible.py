"""Implausible sightings (rule 3.2), as `streams.domain.plausibility` finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.compiled import compiled, leaf
from streams.window.shapes import NOTHING
from streams.window.sphere import SLACK, chord, distance

if TYPE_CHECKING:
    from streams.window.gathering import Scratch
    from streams.window.shapes import Chords, Limits, Places


@leaf
def decides(limits: Limits, metres: float, apart: int) -> bool:
    """Say whether sightings so many slots apart conflict at a distance."""
    return metres >= limits.jump_min_m and metres > limits.jump_speed * ((apart + 1) * limits.slot_seconds)


@leaf
def conflict(places: Places, limits: Limits, chords: Chords, apart: int, one: int, other: int) -> bool:
    """Say whether sightings at two places, `apart` slots from each other (at most `jump`), conflict."""
    if one == other:
        return False
    arc = chord(places.xyz, one, other)
    if arc < chords.least[apart]:
        return False
    return arc > chords.sure[apart] or decides(limits, distance(places, one, other), apart)


@leaf
def near(places: Places, limits: Limits, one: int, other: int) -> bool:
    """Say whether two places are within jump_min_km."""
    if one == other:
        return True
    apart = chord(places.xyz, one, other)
    if apart > limits.near_chord:
        return False
    return apart < limits.near_chord * (1 - 4 * SLACK) or distance(places, one, other) <= limits.jump_min_m


@compiled
def support(places: Places, limits: Limits, scratch: Scratch, count: int, at: int) -> int:
    """Count the slots around a pair's in which the phone was within jump_min_km of it; counted once."""
    known = scratch.support[at]
    if known >= 0:
        return int(known)
    slot, place = scratch.slots[at], scratch.marks[at] >> 1
    first = at
    while first > 0 and slot - scratch.slots[first - 1] <= limits.support:
        first -= 1
    found, last = 0, slot - limits.support - 1
    for i in range(first, count):
        here = scratch.slots[i]
        if here - slot > limits.support:
            break
        if here != last and near(places, limits, place, scratch.marks[i] >> 1):
            found += 1
            last = here
    scratch.support[at] = found
    return found


@compiled
def implausible(
    places: Places, limits: Limits, chords: Chords, scratch: Scratch, count: int, at: int
) -> bool:
    """Say whether a pair conflicts with one that has at least its support."""
    slot, place = scratch.slots[at], scratch.marks[at] >> 1
    first = at
    while first > 0 and slot - scratch.slots[first - 1] <= limits.jump:
        first -= 1
    for i in range(first, count):
        apart = abs(scratch.slots[i] - slot)
        if scratch.slots[i] - slot > limits.jump:
            break
        if conflict(places, limits, chords, apart, place, scratch.marks[i] >> 1) and (
            support(places, limits, scratch, count, i) >= support(places, limits, scratch, count, at)
        ):
            return True
    return False


@compiled
def any_conflict(
    places: Places, limits: Limits, chords: Chords, anchor: int, count: int, scratch: Scratch
) -> bool:
    """Say whether any two pairs conflict: one of the two is then far from wherever the anchor is."""
    last, far, any_far = -1, False, False
    for i in range(count):
        mark = scratch.marks[i]
        if mark != last:
            far = chord(places.xyz, anchor, mark >> 1) >= limits.half_chord
            any_far = any_far or far
            last = mark
        scratch.dropped[i] = far
    if not any_far:
        return False
    for i in range(count):
        slot, mark = scratch.slots[i], scratch.marks[i]
        for j in range(i + 1, count):
            apart = scratch.slots[j] - slot
            if apart > limits.jump:
                break
            far = scratch.dropped[i] or scratch.dropped[j]
            if far and conflict(places, limits, chords, apart, mark >> 1, scratch.marks[j] >> 1):
                return True
    return False


@compiled
def discount(
    places: Places, limits: Limits, chords: Chords, anchor: int, count: int, scratch: Scratch
) -> tuple[int, int]:
    """Leave away what rule 3.2 finds implausible; return the pairs left and the latest slot left away.

    NOTHING where none is: of two that conflict at least one is implausible.
    """
    if not any_conflict(places, limits, chords, anchor, count, scratch):
        return count, NOTHING
    scratch.support[:count] = -1
    for i in range(count):
        scratch.dropped[i] = implausible(places, limits, chords, scratch, count, i)
    left, last = 0, NOTHING
    for i in range(count):
        if scratch.dropped[i]:
            last = scratch.slots[i]
        else:
            scratch.slots[left], scratch.marks[left] = scratch.slots[i], scratch.marks[i]
            left += 1
    return left, last
