"""Rows of events as text, compiled: where their fields are, pseudonyms in hex, times by RFC 3339.

Only what is beyond doubt is read; any other row is left to the readers of `streams.files`, a row at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.columns.words import BYTE, FIRST_BYTE, WORD, from_start, hex_of, part_at, separators, word_at
from streams.window.compiled import compiled, entry, leaf

if TYPE_CHECKING:
    from streams.window.shapes import Array

END: Final = 10
RETURN: Final = 13
UNWANTED: Final = -1
"""The row of a field that nobody wants."""
DIGITS: Final = 32
"""Hex digits of a pseudonym."""
EIGHT_DIGITS: Final = np.uint64(32)
"""Bits of eight hex digits."""
SHORTEST: Final = 20
"""Bytes of a time without fraction, in Z."""
DAY: Final = 86_400
NO_DIGIT: Final = -(1 << 20)


@entry
def find_fields(
    data: Array, wanted: Array, begins: Array, numbers: Array, start: Array, size: Array, whole: Array
) -> int:
    """Find the lines of a buffer that ends with a line, and in each the fields of the columns wanted.

    `wanted` says by field which row of `start` and `size` it goes to, UNWANTED for none; its last says so of
    all fields beyond. Puts, of each line that is not empty, where it begins and its number, where its fields
    start and their sizes (without CRs at the line's end), and whether it has them all; those it has not keep
    what stands there, which is to be 0. Returns how many those lines are.
    """
    count = number = begin = field = position = 0
    beyond = len(wanted) - 1
    for eight in range(0, len(data), WORD):
        at, left = eight, len(data) - eight
        found = separators(word_at(data, at) if left >= WORD else part_at(data, at, left))
        while found:
            if found & FIRST_BYTE:
                stop, ends = at, data[at] == END
                while ends and stop > field and data[stop - 1] == RETURN:
                    stop -= 1
                column = wanted[min(position, beyond)]
                if column != UNWANTED:
                    start[column, count], size[column, count] = field, stop - field
                field, position = at + 1, position + 1
                if ends:
                    begins[count], numbers[count], whole[count] = begin, number, position >= beyond
                    count += stop > begin
                    number, begin, position = number + 1, field, 0
            found <<= BYTE
            at += 1
    return count


@entry
def read_phones(data: Array, start: Array, size: Array, high: Array, low: Array, good: Array) -> None:
    """Read pseudonyms of 32 lower-case hex digits into halves; `good` is cleared where there is none."""
    for i in range(len(start)):
        if size[i] != DIGITS:
            good[i] = False
            continue
        at = start[i]
        first, one = hex_of(word_at(data, at))
        second, two = hex_of(word_at(data, at + WORD))
        third, three = hex_of(word_at(data, at + 2 * WORD))
        fourth, four = hex_of(word_at(data, at + 3 * WORD))
        high[i], low[i] = first << EIGHT_DIGITS | second, third << EIGHT_DIGITS | fourth
        good[i] &= one and two and three and four


@leaf
def number_at(data: Array, at: int, digits: int) -> int:
    """Return the number of so many decimal digits, negative where one is none."""
    number = 0
    for i in range(digits):
        byte = int(data[from_start(at) + i]) - 48
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
