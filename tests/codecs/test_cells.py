"""The compiled check of a cell's bits says what h3 says."""

from __future__ import annotations

import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.columns.sightings import all_cells
from tests.codecs.plain_cells import is_cell

LONGS = st.integers(-(1 << 63), (1 << 63) - 1)
A_CELL = h3.latlng_to_cell(28.0, 120.7, 8)
PENTAGONS = [cell for resolution in range(16) for cell in h3.get_pentagons(resolution)]


@settings(max_examples=3000, deadline=None)
@given(st.data())
def test_a_number_is_a_cell_exactly_where_h3_says_so(data: st.DataObject) -> None:
    resolution = data.draw(st.integers(0, 15))
    ground = data.draw(
        st.sampled_from(PENTAGONS)
        | st.tuples(st.floats(-90, 90), st.floats(-180, 180)).map(
            lambda at: h3.latlng_to_cell(*at, resolution)
        )
        | LONGS
    )
    for _ in range(data.draw(st.integers(0, 3))):
        ground ^= data.draw(st.integers(0, 7)) << data.draw(st.integers(0, 60))
    ground = (ground + (1 << 63)) % (1 << 64) - (1 << 63)
    for depth in {resolution, (ground >> 52) & 15}:
        assert all_cells(np.array([ground], np.int64), depth) == is_cell(ground, depth)


@pytest.mark.parametrize("resolution", range(3))
def test_all_cells_are_cells_and_nothing_beside_them(resolution: int) -> None:
    cells = np.array(
        [cell for base in h3.get_res0_cells() for cell in h3.cell_to_children(base, resolution)], np.int64
    )
    assert all_cells(cells, resolution)
    assert not all_cells(cells, resolution + 1)
    assert not any(all_cells(np.array([cell ^ 1 << 44], np.int64), 0) for cell in h3.get_res0_cells())


def test_a_hex_that_is_no_cell_is_found_wherever_it_stands() -> None:
    for at in range(3):
        cells = np.full(3, A_CELL)
        cells[at] = 7
        assert not all_cells(cells, 8)
