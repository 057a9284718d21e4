"""Roads between settlements: a tree that joins all, shorter links beside it, and the ways along them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints

NEIGHBOURS: Final = 3
"""Settlements that each one has a road to, beside the tree's."""
BEND: Final = 0.12
"""How far a road bends aside in its middle, as a part of its length."""


def ways(towns: Floats, random: np.random.Generator, spurs: int = 0) -> Floats:
    """Return the points on the way from each settlement to each other one, as [from, to, point, 2].

    A way begins and ends at the settlements; shorter ones repeat their last point. The last `spurs`
    settlements lie at the end of a road of their own, so that nobody passes through.
    """
    far = np.linalg.norm(towns[:, None] - towns[None], axis=2)
    through = len(towns) - spurs
    linked = np.zeros(far.shape, bool)
    linked[:through, :through] = _linked(far[:through, :through])
    ends, nearest = np.arange(through, len(towns)), far[through:, :through].argmin(1)
    linked[ends, nearest] = linked[nearest, ends] = True
    middle = (towns[:, None] + towns[None]) / 2
    aside = (towns[None] - towns[:, None])[..., ::-1] * (1, -1)
    bend = np.triu(random.uniform(-BEND, BEND, far.shape), 1)
    # The same bend there and back: `aside` changes its sign with the direction, so the bend must too.
    middle += aside * (bend - bend.T)[..., None]
    onward = _onward(np.where(linked, far, np.inf))
    return _points(towns, middle, onward)


def _linked(far: Floats) -> Bools:
    """Say which settlements have a road between them."""
    count = len(far)
    found = np.zeros((count, count), bool)
    joined, best = np.zeros(count, bool), np.zeros(count, int)
    joined[0] = True
    distance = far[0].copy()
    for _ in range(count - 1):
        new = int(np.where(joined, np.inf, distance).argmin())
        found[new, best[new]] = joined[new] = True
        closer = far[new] < distance
        best[closer], distance[closer] = new, far[new][closer]
    nearest = np.argsort(far, axis=1, kind="stable")[:, 1 : NEIGHBOURS + 1]
    found[np.arange(count)[:, None], nearest] = True
    return found | found.T


def _onward(length: Floats) -> Ints:
    """Return where to go next from each settlement to reach each other one (Floyd and Warshall)."""
    count = len(length)
    shortest = length.copy()
    np.fill_diagonal(shortest, 0)
    onward = np.tile(np.arange(count), (count, 1))
    for via in range(count):
        through = shortest[:, via, None] + shortest[None, via]
        better = through < shortest
        shortest = np.where(better, through, shortest)
        onward = np.where(better, onward[:, via, None], onward)
    return onward


def _points(towns: Floats, middle: Floats, onward: Ints) -> Floats:
    count = len(towns)
    goal = np.tile(np.arange(count), (count, 1))
    at: Ints = goal.T.copy()
    points = [towns[at]]
    while (at != goal).any():
        then = onward[at, goal]
        moved = (then != at)[..., None]
        points += [np.where(moved, middle[at, then], points[-1]), towns[then]]
        at = then
    return np.stack(points, axis=2)
