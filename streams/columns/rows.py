"""Rows of events as text, compiled: where their fields are, pseudonyms in hex, times by RFC 3339.

Only what is beyond doubt is read; any other row is left to the readers of `streams.files`, a row at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.window.compiled import compiled, entry

if TYPE_CHECKING:
    from streams.window.shapes import Array

END: Final = 10
RETURN: Final = 13
COMMA: Final = 44
DIGITS: Final = 32
"""Hex digits of a pseudonym."""
HALF: Final = 16
SHORTEST: Final = 20
"""Bytes of a time without fraction, in Z."""
DAY: Final = 86_400
NO_DIGIT: Final = -(1 << 20)


@entry
def find_fields(data: Array, columns: Array, begins: Array, ends: Array, start: Array, size: Array) -> int:
    """Find the lines of a buffer that ends with a line, and in each the fields of three columns.

    Puts where each line begins and ends (its end excluded, CR too) and, by column, where its field starts and
    its size: -1 in a line that has no such field. Returns how many lines there are.
    """
    line, at, last = 0, 0, len(data)
    while at < last:
        begins[line] = at
        for column in range(3):
            start[column, line], size[column, line] = at, -1
        number, field, stop = 0, at, at
        while True:
            byte = data[at]
            if byte in (COMMA, END):
                stop = at
                while byte == END and stop > field and data[stop - 1] == RETURN:
                    stop -= 1
                for column in range(3):
                    if columns[column] == number:
                        start[column, line], size[column, line] = field, stop - field
                number += 1
                field = at + 1
            at += 1
            if byte == END:
                break
        ends[line] = stop
        line += 1
    return line


@compiled
def digit(data: Array, at: int) -> int:
    """Return the number that a lower-case hex digit stands for, NO_DIGIT for any other byte."""
    byte = int(data[at])
    if 48 <= byte <= 57:  # noqa: PLR2004 - 0 to 9
        return byte - 48
    return byte - 87 if 97 <= byte <= 102 else NO_DIGIT  # noqa: PLR2004 - a to f


@compiled
def half_at(data: Array, at: int) -> tuple[int, bool]:
    """Return the number of sixteen hex digits, and whether they are such."""
    number, good = 0, True
    for place in range(at, at + HALF):
        found = digit(data, place)
        good = good and found >= 0
        number = number << 4 | (found & 15)
    return number, good


@entry
def read_phones(data: Array, start: Array, size: Array, high: Array, low: Array, good: Array) -> None:
    """Read pseudonyms of 32 lower-case hex digits into halves; `good` is cleared where there is none."""
    for i in range(len(start)):
        if size[i] != DIGITS:
            good[i] = False
            continue
        high[i], one = half_at(data, start[i])
        low[i], other = half_at(data, start[i] + HALF)
        good[i] = good[i] and one and other


@compiled
def number_at(data: Array, at: int, digits: int) -> int:
    """Return the number of so many decimal digits, negative where one is none."""
    number = 0
    for place in range(at, at + digits):
        byte = int(data[place]) - 48
        if not 0 <= byte <= 9:  # noqa: PLR2004 - a decimal digit
            return NO_DIGIT
        number = number * 10 + byte
    return number


@compiled
def day_of(year: int, month: int, day: int) -> int:
    """Return the day's number since 1970 (proleptic Gregorian), NO_DIGIT for a date that there is not."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = 28 + leap if month == 2 else 30 + (month + (month >> 3)) % 2  # noqa: PLR2004 - February
    if year < 1 or not 1 <= month <= 12 or not 1 <= day <= longest:  # noqa: PLR2004 - months
        return NO_DIGIT
    past = year - (month <= 2)  # noqa: PLR2004 - a year that begins in March
    months = (153 * ((month + 9) % 12) + 2) // 5
    return 365 * past + past // 4 - past // 100 + past // 400 + months + day - 1 - 719_468


@compiled
def zone_at(data: Array, at: int, end: int) -> int:
    """Return the seconds that local time is ahead in a zone that ends at `end`, DAY for what is none."""
    if end - at == 1 and data[at] in (90, 122):  # Z and z
        return 0
    if end - at != 6 or data[at] not in (43, 45) or data[at + 3] != 58:  # noqa: PLR2004 - +hh:mm and -hh:mm
        return DAY
    hours, minutes = number_at(data, at + 1, 2), number_at(data, at + 4, 2)
    if not 0 <= hours <= 23 or not 0 <= minutes <= 59:  # noqa: PLR2004 - the clock's own numbers
        return DAY
    ahead = hours * 3600 + minutes * 60
    return ahead if data[at] == 43 else -ahead  # noqa: PLR2004 - +


@compiled
def time_at(data: Array, at: int, end: int) -> tuple[int, bool]:
    """Return the seconds since 1970 of a time with its zone, and whether it is one; no leap second is."""
    marks = data[at + 4] == 45 and data[at + 7] == 45 and data[at + 13] == 58 and data[at + 16] == 58  # noqa: PLR2004 - "-", ":"
    if not marks or data[at + 10] not in (84, 116, 32):  # T, t and a blank
        return 0, False
    day = day_of(number_at(data, at, 4), number_at(data, at + 5, 2), number_at(data, at + 8, 2))
    hour, minute = number_at(data, at + 11, 2), number_at(data, at + 14, 2)
    second = number_at(data, at + 17, 2)
    rest = at + 19
    if data[rest] == 46 and rest + 1 < end and 48 <= data[rest + 1] <= 57:  # noqa: PLR2004 - a fraction
        rest += 1
        while rest < end and 48 <= data[rest] <= 57:  # noqa: PLR2004 - as above
            rest += 1
    ahead = zone_at(data, rest, end)
    good = day > NO_DIGIT and 0 <= hour <= 23 and 0 <= minute <= 59 and 0 <= second <= 59 and ahead < DAY  # noqa: PLR2004 - the clock's own numbers
    return day * DAY + hour * 3600 + minute * 60 + second - ahead, good


@entry
def read_times(data: Array, start: Array, size: Array, seconds: Array, good: Array) -> None:
    """Read times to whole seconds since 1970; `good` is cleared where there is none that is beyond doubt."""
    for i in range(len(start)):
        if size[i] < SHORTEST:
            good[i] = False
            continue
        seconds[i], one = time_at(data, start[i], start[i] + size[i])
        good[i] = good[i] and one
