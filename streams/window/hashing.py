"""What the tables' hashes are made of, compiled: products that keep their low 64 bits.

Numba tells LLVM that signed numbers never overflow, so that what is made of one that does may differ from one
function to the next; unsigned ones wrap.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from streams.window.compiled import leaf

A: Final = np.uint64(0x9E3779B97F4A7C15)
B: Final = np.uint64(0xBF58476D1CE4E5B9)
"""Odd numbers with about as many bits set as not, as Fibonacci hashing and SplitMix64 have them."""


@leaf
def product(number: int, factor: np.uint64) -> int:
    """Return the low 64 bits of a product, as a signed number."""
    return int(np.int64(np.uint64(number) * factor))
