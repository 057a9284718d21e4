"""Contested slots: cells that flap across an area's border (rule 3.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain.hexes import within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.domain.areas import Area
    from streams.domain.diary import Marks
    from streams.domain.rules import Rules


def inside(area: Area, marks: Marks, slot: int) -> list[int]:
    """Return the marks that are in the area at a slot (rule 2.3)."""
    if not area.first <= slot < area.end:
        return []
    return [mark for mark in marks if mark >> 1 in area.cells]


def outside_beside(rules: Rules, area: Area, marks: Marks, slot: int, cells: Sequence[int]) -> bool:
    """Say whether an outside sighting lies within pingpong_rings of one of the hexes."""
    rings = rules.policy.pingpong_rings
    return any(
        rules.outside(area, mark >> 1, slot) and any(within(rings, cell, mark >> 1) for cell in cells)
        for mark in marks
    )


def nearest(observed: Mapping[int, Marks], slot: int, step: int, reach: int) -> int | None:
    """Return the nearest observed slot in one direction, at most `reach` slots away."""
    for t in range(slot + step, slot + step * (reach + 1), step):
        if t in observed:
            return t
    return None


def contested(rules: Rules, area: Area, observed: Mapping[int, Marks], slot: int) -> bool:
    """Say whether every in-area sighting of a slot has the outside beside it, in the slot or around it."""
    cells = [mark >> 1 for mark in inside(area, observed[slot], slot)]
    if not cells or not area.deep.isdisjoint(cells):
        return False
    reach = rules.spans.pingpong
    around = [t for step in (-1, 1) if (t := nearest(observed, slot, step, reach)) is not None]
    for cell in cells:
        at_once = outside_beside(rules, area, observed[slot], slot, [cell])
        if not at_once and not (
            around and all(outside_beside(rules, area, observed[t], t, [cell]) for t in around)
        ):
            return False
    return True
