"""The one place that reads the machine's time; everything else takes time as an argument."""

from __future__ import annotations

import time


def now() -> int:
    """Whole seconds since 1970-01-01T00:00:00Z."""
    return int(time.time())


def now_precise() -> float:
    """Seconds since 1970-01-01T00:00:00Z, with their fraction (for histograms of delay)."""
    return time.time()


def monotonic() -> float:
    """Seconds that only grow, for measuring spans."""
    return time.monotonic()
