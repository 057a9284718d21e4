"""Instants as files write them: RFC 3339 with any offset, read to whole seconds."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from streams.files.unusable import UnusableError

_FORM: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MINUTE: Final = len("2020-02-02T02:02:")
_KEPT: Final = 1 << 16
"""Entries kept of each half; more would be memory for nothing."""
_DAY: Final = 86_400
_LEAP: Final = 60

FIRST: Final = (1 - _EPOCH) * _DAY
"""0001-01-01T00:00:00Z: an offset may reach past the years that can be printed."""
LAST: Final = (date.max.toordinal() - _EPOCH + 1) * _DAY - 1
"""9999-12-31T23:59:59Z."""


def given(option: str, text: str) -> int:
    """Return the time that an option was given, in seconds; UnusableError where it is none."""
    seconds = Times()(text)
    if seconds is None:
        raise UnusableError(option, "", f"expected a time with its offset (RFC 3339), found {text!r}")
    return seconds


class Times:
    """Reads times; call it with a text.

    A time is the sum of its minute (`2020-02-02T02:02:`) and of what follows (`02.5+08:00`), each read
    once: the minutes and seconds of a file repeat, and a date costs ten times a look-up.
    """

    def __init__(self) -> None:
        self._minutes: dict[str, int] = {}
        self._rests: dict[str, int] = {}

    def __call__(self, text: str) -> int | None:
        """Return seconds since 1970 with the fraction cut off, None if `text` is no time with an offset."""
        minute, rest = self._minutes.get(text[:_MINUTE]), self._rests.get(text[_MINUTE:])
        if minute is None or rest is None:
            return self._read(text)
        seconds = minute + rest
        return seconds if FIRST <= seconds <= LAST else None

    def _read(self, text: str) -> int | None:
        found = _FORM.fullmatch(text)
        if found is None:
            return None
        year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
        offset = _offset(*found.groups()[6:])
        try:
            start = (date(year, month, day).toordinal() - _EPOCH) * _DAY + hour * 3600 + minute * 60
        except ValueError:
            return None
        if hour > 23 or minute > 59 or offset is None:  # noqa: PLR2004 - the clock's own numbers
            return None
        seconds = start + second - offset
        if not FIRST <= seconds <= LAST:
            return None
        if second >= _LEAP:
            return seconds if second == _LEAP and _is_leap(seconds) else None
        _keep(self._minutes, text[:_MINUTE], start)
        _keep(self._rests, text[_MINUTE:], second - offset)
        return seconds


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> int | None:
    """Return the seconds local time is ahead of UTC, None for an offset no clock has."""
    if hours is None or minutes is None:
        return 0
    if int(hours) > 23 or int(minutes) > 59:  # noqa: PLR2004 - the clock's own numbers
        return None
    ahead = int(hours) * 3600 + int(minutes) * 60
    return -ahead if sign == "-" else ahead


def _is_leap(after: int) -> bool:
    """Say whether the second before `after` may be a leap second: the last of a June or December."""
    day, second = divmod(after, _DAY)
    start = date.fromordinal(_EPOCH + day)
    return second == 0 and (start.month, start.day) in ((1, 1), (7, 1))


def _keep(table: dict[str, int], key: str, value: int) -> None:
    if len(table) >= _KEPT:
        table.clear()
    table[key] = value
