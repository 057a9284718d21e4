"""A worker's log: one line each on standard error, and no flood while a broker is away."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARIES: Final = ("aiokafka", "asyncio", "faust", "kafka", "mode")
QUIET_SECONDS: Final = 10.0
SAME: Final = 32
"""Two messages of a library that begin alike in so many characters count as the same."""


class Calm(logging.Filter):
    """Lets a library say the same thing once in ten seconds, and no traceback (values might stand in it)."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        super().__init__()
        self._monotonic = monotonic
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may pass."""
        record.exc_info = record.exc_text = record.stack_info = None
        if record.name.partition(".")[0] not in LIBRARIES:
            return True
        said, now = (record.name, record.getMessage()[:SAME]), self._monotonic()
        if now - self._said.get(said, -QUIET_SECONDS) < QUIET_SECONDS:
            return False
        self._said[said] = now
        return True


class OneLine(logging.Formatter):
    """Joins a message of several lines."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        return " ".join(super().format(record).split("\n"))


def begin(level: str, monotonic: Callable[[], float]) -> None:
    """Log to standard error; libraries from WARNING up. ValueError for an unknown level."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(Calm(monotonic))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
