"""What comes after the sunset is a dead letter (rule 19.1)."""

from __future__ import annotations

from typing import Any

from streams import codecs
from streams.kafka.journal import MILLISECONDS
from streams.people.sunset import CODE, sunset


def refuse_late(sunset_at: int | None, record: Any) -> None:
    """Raise CodecError (`sunset`) for a record that was written once the sunset (seconds) was over."""
    if sunset(sunset_at, record.timestamp // MILLISECONDS) is not None:
        raise codecs.CodecError(CODE)
