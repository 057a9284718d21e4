"""The carriers' networks: each phone is served by a tower of its own carrier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from streams.city.radio import NOBODY, radio

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.city.columns import Bools, Floats, Ints
    from streams.city.place import Place
    from streams.city.radio import Radio

APART: Final = 100_000.0
"""Metres from every settlement beyond which the far place has towers of its own."""
ROUND_FAR: Final = 24
"""Towers that the second body of a cloned number can be served by."""


@dataclass(frozen=True, slots=True)
class Network:
    """Some towers of one carrier: their numbers, and how they are heard."""

    towers: Ints
    heard: Radio

    def serving(self, xy: Floats, random: np.random.Generator) -> Ints:
        """Return the number of the tower that serves at each point, NOBODY where none does."""
        served = self.heard.serving(xy, random)
        return np.where(served == NOBODY, NOBODY, self.towers[served])


@dataclass(frozen=True, slots=True)
class Networks:
    """Each carrier's network where people live, and around the far place."""

    here: tuple[Network, ...]
    far: tuple[Network, ...]

    def serving(self, carrier: Ints, xy: Floats, distant: Bools, random: np.random.Generator) -> Ints:
        """Return the tower's number for each phone's carrier and point; `distant` ones are far away."""
        found: Ints = np.full(len(xy), NOBODY)
        for networks, there in ((self.here, ~distant), (self.far, distant)):
            for number, network in enumerate(networks):
                rows = np.flatnonzero(there & (carrier == number))
                found[rows] = network.serving(xy[rows], random)
        return found


def networks(place: Place, random: Callable[[int], np.random.Generator]) -> Networks:
    """Work out every carrier's networks; `random` gives a carrier's random numbers."""
    xy = place.plane.metres([(tower.longitude, tower.latitude) for tower in place.towers])
    range_m = np.array([tower.range_m or 0.0 for tower in place.towers])
    middle = place.far.mean(0)
    away = np.linalg.norm(xy - middle, axis=1)
    apart = np.linalg.norm(place.towns - middle, axis=1).min() > APART
    here: list[Network] = []
    far: list[Network] = []
    for carrier in range(place.carriers):
        numbers = random(carrier)
        own = np.flatnonzero(place.carrier == carrier)
        for found, towers in (
            (here, own[away[own] > APART] if apart else own),
            (far, own[np.argsort(away[own], kind="stable")[:ROUND_FAR]]),
        ):
            found.append(Network(towers, radio(xy[towers], range_m[towers], numbers)))
    return Networks(tuple(here), tuple(far))
