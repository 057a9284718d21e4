"""Exact counts as a partition tells of them, from plain numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.columns.hex_counts import COLOURS, Counts, partial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.columns.hex_counts import HexPartial


def partial_of(
    partition: int, at: int, counts: Mapping[int, Sequence[int]], *, more: bool = False
) -> HexPartial:
    """Return the partial of counts by hex: red, yellow, green, unknown."""
    cells = sorted(counts)
    rows = np.array([counts[cell] for cell in cells], np.int64).reshape(-1, COLOURS)
    return partial(partition, at, Counts(np.array(cells, np.int64), rows), more=more)
