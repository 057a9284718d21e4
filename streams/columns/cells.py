"""Which numbers are H3 cells, compiled: the bits of a cell by H3's own description of its index.

From the top: a bit that is 0, four of the mode (1 for a cell), three that are 0, four of the resolution,
seven of the base cell (0 to 121), then three a digit, from resolution 1 to 15: 0 to 6, and 7 beyond the
cell's resolution.
A pentagon has no child of digit 1, so below one the first digit that is not 0 is not 1 either.
https://h3geo.org/docs/core-library/h3Indexing
"""

from __future__ import annotations

from typing import Final

from streams.window.compiled import compiled

MODE: Final = 1
BASES: Final = 122
FINEST: Final = 15
DIGIT: Final = 3
UNUSED: Final = 7
BASE_AT: Final = 45
PENTAGONS: Final = sum(1 << (base - 64) for base in (72, 83, 97, 107, 117))
"""Base cells from 64 on that are pentagons, a bit each."""
LOW_PENTAGONS: Final = sum(1 << base for base in (4, 14, 24, 38, 49, 58, 63)) - (1 << 64)
"""Those below 64, as a signed number."""


@compiled
def is_pentagon(base: int) -> bool:
    """Say whether a base cell is a pentagon."""
    return bool((LOW_PENTAGONS >> base if base < 64 else PENTAGONS >> (base - 64)) & 1)  # noqa: PLR2004 - bits of a number


@compiled
def is_cell(cell: int, resolution: int) -> bool:
    """Say whether a number is a cell of a resolution."""
    if cell >> 52 != MODE << 7 | resolution:
        return False
    base = (cell >> BASE_AT) & 0x7F
    if base >= BASES:
        return False
    first = 0
    for depth in range(1, FINEST + 1):
        digit = (cell >> (BASE_AT - DIGIT * depth)) & UNUSED
        if (digit == UNUSED) != (depth > resolution):
            return False
        if first == 0 and depth <= resolution:
            first = digit
    return first != 1 or not is_pentagon(base)
