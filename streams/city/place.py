"""A place to live in: towers, settlements, roads, dwellings and key areas, whatever they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from streams.domain.records import AreaVersion

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints
    from streams.city.plane import Plane
    from streams.domain.records import Geometry
    from streams.domain.towers import Tower

MARGIN: Final = 900.0
"""Metres around a key area in which nobody dwells, but those at its border."""


class UnfitError(ValueError):
    """The towers given make no place to live in; says why in one line."""


@dataclass(frozen=True, slots=True)
class Market:
    """A key area as a square: id, name, settlement, centre and half its side in metres."""

    id: str
    name: str
    town: int
    xy: Floats
    half: float

    def holds(self, xy: Floats, margin: float = 0.0) -> Bools:
        """Say of each point whether it is in the square, made larger by a margin."""
        found: Bools = np.all(np.abs(xy - self.xy) <= self.half + margin, axis=-1, keepdims=False)
        return found

    def version(self, plane: Plane, number: int, since: int, *, grown: float = 1.0) -> AreaVersion:
        """Return it as a version of a key area."""
        corners = self.xy + np.array(((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))) * self.half * grown
        ring = tuple((round(float(x), 6), round(float(y), 6)) for x, y in plane.degrees(corners))
        return AreaVersion(self.id, number, ((ring,),), since, name=self.name)


@dataclass(frozen=True, slots=True)
class Place:
    """Everything that stands still. Points are metres on `plane`; settlements and towers have numbers."""

    plane: Plane
    hours_east: float
    towers: tuple[Tower, ...]
    carrier: Ints
    """Of each tower, from 0."""
    towns: Floats
    ways: Floats
    """The roads' points from settlement to settlement (`roads.ways`)."""
    pull: Floats
    """The chance that somebody of one settlement goes to another, summed up along each row."""
    dwellings: Floats
    first: Ints
    """Of each settlement, where its dwellings begin; one more at the end."""
    markets: tuple[Market, ...]
    outing: int
    """A settlement without a key area, away from home, that people travel to."""
    far: Floats
    """Where the second body of a cloned number lives, and where it goes once: two points."""
    jurisdiction: Geometry | None
    areas: tuple[AreaVersion, ...]

    @property
    def carriers(self) -> int:
        """Return how many carriers have towers."""
        return int(self.carrier.max()) + 1


def pull_of(towns: Floats, weights: Floats, reach: float, own: float) -> Floats:
    """Return the chances by a gravity law: by a settlement's weight, falling off over `reach` metres.

    `own` is the distance that counts for going nowhere else.
    """
    far = np.linalg.norm(towns[:, None] - towns[None], axis=2)
    np.fill_diagonal(far, own)
    chance = weights * np.exp(-far / reach)
    # From a settlement where nobody dwells everything may be out of reach: then the nearest one it is.
    chance[np.arange(len(towns)), np.where(weights > 0, far, np.inf).argmin(1)] += 1e-12
    summed: Floats = np.cumsum(chance / chance.sum(1, keepdims=True), axis=1)
    return summed


def by_settlement(dwellings: Floats, town: Ints, count: int) -> tuple[Floats, Ints]:
    """Return dwellings in the order of their settlements, and where each settlement's begin."""
    order = np.argsort(town, kind="stable")
    return dwellings[order], np.searchsorted(town[order], np.arange(count + 1))
