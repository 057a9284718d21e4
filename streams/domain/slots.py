"""Slots and civil days (rules 1.1, 4.4): whole seconds in, slot numbers out."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo


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
    start = datetime.fromtimestamp(start_of(slot, slot_minutes), tz=UTC)
    return start.astimezone(ZoneInfo(timezone)).toordinal()
