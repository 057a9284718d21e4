"""A limit on how many sightings a second are sent; what was not sent in time is not caught up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

PART: Final = 10
"""Waits a second at most: between two of them a tenth of the rate passes."""


class Pace:
    """Holds a sender back to `rate` sightings a second; without one never."""

    def __init__(
        self, rate: int | None, monotonic: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        self._rate, self._monotonic, self._sleep = rate, monotonic, sleep
        self._counted, self._since = 0, monotonic()

    def wait(self, count: int) -> None:
        """Wait until `count` sightings in all may have been sent."""
        if self._rate is None or (more := count - self._counted) < max(1, self._rate // PART):
            return
        ahead = self._since + more / self._rate - self._monotonic()
        if ahead > 0:
            self._sleep(ahead)
        self._counted, self._since = count, self._monotonic()
