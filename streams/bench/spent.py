"""Wall and CPU seconds of this process since a moment, as a contender's script prints them."""

from __future__ import annotations

import time
from typing import Final

from streams import clock

MARK: Final = "RESULT"
"""What stands before the two figures."""


class Spent:
    """Counts from when it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = clock.monotonic(), time.process_time()

    def told(self) -> str:
        """Return the line with both figures."""
        return f"\n{MARK} {clock.monotonic() - self._wall} {time.process_time() - self._cpu}"
