from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, cast

import h3.api.basic_int as h3
import numba
import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.hexes import distance_m
from streams.domain.policy import Deployment, Policy
from streams.domain.rules import Rules
from streams.window.atlas import Atlas
from streams.window.sphere import chord, chord_of, distance
from tests.properties.seeds import patient

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.window.shapes import Places

RULES = Rules.of(Policy(), [], Deployment())


def placed(*cells: int) -> tuple[Places, int, int]:
    atlas = Atlas()
    one, other = atlas.rows(np.array(cells, np.int64), RULES, {}).tolist()
    return atlas.places, one, other


def _measured(places: Places, one: int, other: int) -> tuple[float, float]:
    return distance(places, one, other), chord(places.xyz, one, other)


measured = cast("Callable[[Places, int, int], tuple[float, float]]", numba.njit(_measured))
"""Distance and chord, which only compiled code can call."""


@settings(patient)
@given(st.integers(0, 2**32))
def test_distances_are_the_domains_to_the_last_bit(seed: int) -> None:
    random = Random(seed)
    one, other = (
        h3.latlng_to_cell(random.uniform(-89, 89), random.uniform(-180, 180), random.choice([5, 8]))
        for _ in range(2)
    )
    places, first, second = placed(one, other)
    assert measured(places, first, second)[0] == distance_m(one, other)


def between(one: int, other: int) -> float:
    places, first, second = placed(one, other)
    return measured(places, first, second)[1]


@settings(patient)
@given(st.integers(0, 2**32))
def test_a_longer_chord_is_a_longer_arc(seed: int) -> None:
    random = Random(seed)
    one = h3.latlng_to_cell(random.uniform(-60, 60), random.uniform(-180, 180), 8)
    other = h3.latlng_to_cell(random.uniform(-60, 60), random.uniform(-180, 180), 8)
    metres = distance_m(one, other)
    assert chord_of(metres * (1 - 1e-6)) <= between(one, other) <= chord_of(metres * (1 + 1e-6))
