"""Slots and civil days (rules 1.1, 4.4, 15.1): whole seconds in, slot numbers out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

FIRST: Final = -62_135_424_000
LAST: Final = 253_402_128_000
"""A day and more from either end of the calendar (years 1 and 9999), where every timezone has a day."""


def slot_of(seconds: int, slot_minutes: int) -> int:
    """Return the slot an instant falls in (rule 1.1)."""
    return seconds // (60 * slot_minutes)


def start_of(slot: int, slot_minutes: int) -> int:
    """Return the first second of a slot."""
    return slot * 60 * slot_minutes


def first_slot_from(seconds: int, slot_minutes: int) -> int:
    """Return the first slot whose start is not before an instant."""
    return -(-seconds // (60 * slot_minutes))


@lru_cache(maxsize=1 << 16)
def civil_day(slot: int, slot_minutes: int, timezone: str) -> int:
    """Return the civil day, as an ordinal, in which a slot starts (rule 4.4)."""
    return _local(slot, slot_minutes, timezone).toordinal()


@lru_cache(maxsize=1 << 12)
def civil_hour(slot: int, slot_minutes: int, timezone: str) -> int:
    """Return the hour of the day, 0 to 23, in which a slot starts by a timezone's clocks (rule 15.1)."""
    return _local(slot, slot_minutes, timezone).hour


def _local(slot: int, slot_minutes: int, timezone: str) -> datetime:
    start = min(max(start_of(slot, slot_minutes), FIRST), LAST)
    return datetime.fromtimestamp(start, tz=UTC).astimezone(ZoneInfo(timezone))
