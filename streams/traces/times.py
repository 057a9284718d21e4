"""A trace's times: any of strptime's formats, in the zone where they were written, to unix seconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from streams.files.times import FIRST, LAST, Times
from streams.traces.mapping import RFC_3339, UNIX, UNIX_MILLIS, Clock

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.traces.mapping import Hour
    from streams.traces.members import Table

HOURS: Final[tuple[Hour, ...]] = ("first", "second")
WITH_OFFSET: Final = (RFC_3339, UNIX, UNIX_MILLIS)
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d*)?", re.ASCII)
_DIRECTIVE: Final = re.compile(r"%(.)")
_DIRECTIVES: Final = "YmdHIMSfpbBaAyjz%"
"""Those that name a date and time whole; none that hangs on the machine's language in digits."""
_MINUTES_END: Final = re.compile(r"[^%A-Za-z0-9]%S$")
_SECONDS: Final = {f"{second:02}": second for second in range(60)}
_KEPT: Final = 1 << 16
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND: Final = timedelta(seconds=1)


def clock_of(table: Table) -> Clock:
    """Read the table [time]."""
    formats = table.texts("format")
    for one in formats:
        if one not in WITH_OFFSET and not _is_whole(one):
            raise table.unlike(
                "format",
                f"expected {', '.join(map(repr, WITH_OFFSET))} or strptime's format with year, month, day "
                f"and hour, found {one!r}",
            )
    local = [one for one in formats if one not in WITH_OFFSET and "%z" not in one]
    if local and not table.has("zone"):
        raise table.wrong("zone", "the IANA time zone of times without an offset, as 'Asia/Shanghai'")
    for key in ("zone", "repeated_hour"):
        if table.has(key) and not local:
            raise table.unlike(key, "expected none: every format says its offset")
    zone = table.text("zone") if local else None
    if zone is not None and _zone(zone) is None:
        raise table.wrong("zone", "a name of the IANA time zone database")
    return Clock(formats, zone, table.choice("repeated_hour", HOURS, "first"))


class Moments:
    """Reads times; call it with a text."""

    def __init__(self, clock: Clock) -> None:
        self._readers = [_reader(one, clock) for one in clock.formats]

    def __call__(self, text: str) -> int | None:
        """Return seconds since 1970 with the fraction cut off, None if `text` is no time.

        None, too, for a local time that was skipped when clocks were put forward.
        """
        for read in self._readers:
            if (found := read(text)) is not None:
                return found
        return None


def _reader(form: str, clock: Clock) -> Callable[[str], int | None]:
    if form == RFC_3339:
        return Times()
    if form in {UNIX, UNIX_MILLIS}:
        return _Unix(1 if form == UNIX else 1000)
    return _Written(form, clock)


class _Unix:
    """Reads unix time in whole or broken units, of which `a_second` are one second."""

    def __init__(self, a_second: int) -> None:
        self._a_second = a_second

    def __call__(self, text: str) -> int | None:
        if _NUMBER.fullmatch(text) is None:
            return None
        seconds = int(text.partition(".")[0]) // self._a_second
        return seconds if FIRST <= seconds <= LAST else None


class _Written:
    """Reads one of strptime's formats.

    Where a format ends in seconds behind a sign of its own (`:%S`), each minute is read once and its seconds
    are added: zones change on the minute, and strptime costs as much as thirty look-ups.
    """

    def __init__(self, form: str, clock: Clock) -> None:
        self._form = form
        self._zone = None if "%z" in form or clock.zone is None else _zone(clock.zone)
        self._fold = clock.repeated_hour == "second"
        self._by_minute = _MINUTES_END.search(form) is not None
        self._known: dict[str, int | None] = {}

    def __call__(self, text: str) -> int | None:
        second = _SECONDS.get(text[-2:]) if self._by_minute else None
        if second is None:
            return self._read(text)
        minute = text[:-2]
        if minute not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[minute] = self._read(f"{minute}00")
        start = self._known[minute]
        return None if start is None else start + second

    def _read(self, text: str) -> int | None:
        try:
            found = datetime.strptime(text, self._form)  # noqa: DTZ007 - the zone follows
        except ValueError:
            return None
        try:
            return _seconds(found) if self._zone is None else self._local(found, self._zone)
        except (OverflowError, ValueError):
            return None

    def _local(self, found: datetime, zone: ZoneInfo) -> int | None:
        """Return the instant of a local time, None for one that no clock showed."""
        instant = found.replace(tzinfo=zone, fold=int(self._fold)).astimezone(UTC)
        shown = instant.astimezone(zone).replace(tzinfo=None, fold=0)
        return _seconds(instant) if shown == found else None


def _seconds(instant: datetime) -> int:
    return (instant - _EPOCH) // _SECOND


def _is_whole(form: str) -> bool:
    """Say whether a format names a moment to the hour at least, in directives that are known."""
    named = set(_DIRECTIVE.findall(form))
    day = "j" in named or ("d" in named and named & set("mbB"))
    date = day and named & set("yY")
    hour = "H" in named or {"I", "p"} <= named
    return bool(date and hour) and named <= set(_DIRECTIVES) and not form.endswith("%")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
