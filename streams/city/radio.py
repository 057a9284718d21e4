"""Which tower serves: several are in reach, the strongest one does, and signals waver.

Strength in decibels falls with the logarithm of the distance; a tower of long range sends stronger. What
stands in the way shadows each tower at each spot, always alike; noise is new each time. So phones flap
between towers where several are about as strong.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from streams.city.columns import Floats, Ints

LOSS: Final = 30.0
"""Decibels lost when the distance grows tenfold: buildings (free space would be 20)."""
GAIN: Final = 0.4
"""The part of a longer range that is a stronger signal (the rest is a freer sight)."""
SHADOW: Final = 10.0
NOISE: Final = 6.0
"""Standard deviations in decibels of what stands in the way, and of what changes from moment to moment."""
REACH: Final = 1.5
"""Ranges beyond which a tower never serves."""
UNKNOWN_RANGE: Final = 1000.0
KEPT: Final = 8
"""Towers that are looked at for each spot."""
_BLOCK: Final = 8
_SHORTLIST: Final = 40
_FINEST: Final = 600.0
_SPOTS: Final = 220
"""Spots along the longer side at most."""
_NEAR: Final = 50.0
"""Metres below which a signal grows no stronger."""
NOBODY: Final = -1


@dataclass(frozen=True, slots=True)
class Radio:
    """One carrier's towers as phones hear them, on a raster of spots."""

    xy: Floats
    range_m: Floats
    corner: Floats
    spot: float
    candidates: Ints
    """By column and row of the raster: the towers strongest there, without noise, by number among `xy`."""
    shadow: Floats

    def serving(self, at: Floats, random: np.random.Generator) -> Ints:
        """Return the number of the tower that serves at each point, NOBODY where none is in reach."""
        raster = np.array(self.candidates.shape[:2]) - 1
        column, row = np.clip(((at - self.corner) // self.spot).astype(np.int64), 0, raster).T
        towers = self.candidates[column, row]
        distance = _distance(self.xy[towers], at[:, None])
        strength = _strength(distance, self.range_m[towers]) + self.shadow[column, row]
        strength += random.normal(0, NOISE, strength.shape)
        strength[distance > REACH * self.range_m[towers]] = -np.inf
        rows = np.arange(len(at))
        best = strength.argmax(1)
        return np.where(np.isfinite(strength[rows, best]), towers[rows, best], NOBODY)


def radio(xy: Floats, range_m: Floats, random: np.random.Generator) -> Radio:
    """Work out the raster for towers at `xy`; a range of 0 is one nobody knows."""
    range_m = np.where(range_m > 0, range_m, UNKNOWN_RANGE)
    low, high = xy.min(0) - 2000, xy.max(0) + 2000
    spot = max(_FINEST, float((high - low).max()) / _SPOTS)
    blocks = (np.ceil((high - low) / spot / _BLOCK)).astype(int)
    kept = min(KEPT, len(xy))
    candidates = np.empty((*(blocks * _BLOCK), kept), np.int64)
    within = (np.stack(np.meshgrid(np.arange(_BLOCK), np.arange(_BLOCK), indexing="ij"), -1) + 0.5) * spot
    for column, row in np.ndindex(*blocks):
        corner = low + np.array((column, row)) * _BLOCK * spot
        near = _strongest(corner + _BLOCK * spot / 2, xy, range_m, min(_SHORTLIST, len(xy)))
        found = _strongest((corner + within).reshape(-1, 2), xy[near[0]], range_m[near[0]], kept)
        block = slice(column * _BLOCK, (column + 1) * _BLOCK), slice(row * _BLOCK, (row + 1) * _BLOCK)
        candidates[block] = near[0][found].reshape(_BLOCK, _BLOCK, kept)
    shadow = random.normal(0, SHADOW, candidates.size).reshape(candidates.shape)
    return Radio(xy, range_m, low, spot, candidates, shadow)


def _strength(distance: Floats, range_m: Floats) -> Floats:
    found: Floats = LOSS * (GAIN * np.log10(range_m) - np.log10(np.maximum(distance, _NEAR)))
    return found


def _strongest(points: Floats, xy: Floats, range_m: Floats, count: int) -> Ints:
    """Return the `count` strongest towers at each point; those out of reach come last."""
    distance = _distance(np.atleast_2d(points)[:, None], xy[None])
    strength = _strength(distance, range_m)
    strength -= 1000.0 * (distance > REACH * range_m + _BLOCK * _FINEST)
    if count >= len(xy):
        return np.argsort(-strength, axis=1, kind="stable")
    # Which ones, not in which order: that would depend on the processor.
    return np.sort(np.argpartition(-strength, count - 1, axis=1)[:, :count], axis=1)


def _distance(one: Floats, other: Floats) -> Floats:
    found: Floats = np.hypot(one[..., 0] - other[..., 0], one[..., 1] - other[..., 1])
    return found
