"""What may go wrong between this project and Kafka, by what has to be done about it."""

from __future__ import annotations

from typing import Final

LONG: Final = 300


def in_short(error: Exception) -> str:
    """Return what an error says, without the request that some carry whole."""
    said = str(error)
    return said if len(said) <= LONG else f"{type(error).__name__}: …{said[-LONG:]}"


class EngineError(Exception):
    """Something after which this process cannot go on; it ends, and another begins from what is committed."""


class UnusableError(EngineError):
    """Kafka is not as the project needs it: the message names what is wrong and the remedy."""


class GapError(EngineError):
    """Offsets are missing where none may be: folding on would lose something silently."""


class CorruptError(EngineError):
    """What a broker sent is nothing a producer may write; the message names topic, partition and offset."""


class Fenced(Exception):  # noqa: N818 - no error: another worker owns the partition now
    """A newer producer of the same transactional id exists: this one must drop what it holds."""
