"""Texts that colour changes are told in, compiled: numbers, pseudonyms, times, and what stands as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.columns.avro import HALF
from streams.window.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.window.shapes import Array

SECONDS: Final = 86_400
TIME: Final = 20
"""Characters of a time: `2020-02-01T00:00:00Z`."""


def texts_of(texts: Sequence[bytes]) -> tuple[Array, Array]:
    """Return texts one behind the other (uint8), and where each ends (int64)."""
    ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
    return np.frombuffer(b"".join(texts), np.uint8), ends


@compiled
def copied(out: Array, at: int, texts: Array, ends: Array, number: int) -> int:
    """Write one of several texts and return where the next byte goes."""
    for i in range(ends[number - 1] if number else 0, ends[number]):
        out[at] = texts[i]
        at += 1
    return at


@compiled
def digits_of(number: int) -> int:
    """Return how many decimal digits a number has that is not negative."""
    digits = 1
    while number > 9:  # noqa: PLR2004 - the greatest of one digit
        digits, number = digits + 1, number // 10
    return digits


@compiled
def put_digits(out: Array, at: int, number: int, digits: int) -> int:
    """Write a number in so many decimal digits and return where the next byte goes."""
    for place in range(at + digits - 1, at - 1, -1):
        out[place] = 48 + number % 10
        number //= 10
    return at + digits


@compiled
def put_decimal(out: Array, at: int, number: int) -> int:
    """Write a number that is not negative and return where the next byte goes."""
    return put_digits(out, at, number, digits_of(number))


@compiled
def put_hex(out: Array, at: int, half: int) -> int:
    """Write half a pseudonym in 16 hex digits and return where the next byte goes."""
    for place in range(2 * HALF):
        digit = (half >> (60 - 4 * place)) & 0xF
        out[at + place] = digit + (48 if digit < 10 else 87)  # noqa: PLR2004 - 0 to 9, then a to f
    return at + 2 * HALF


@compiled
def put_phone(out: Array, at: int, high: int, low: int) -> int:
    """Write a pseudonym in 32 hex digits and return where the next byte goes."""
    return put_hex(out, put_hex(out, at, high), low)


@compiled
def put_time(out: Array, at: int, seconds: int) -> int:
    """Write a time as RFC 3339 in UTC with `Z` and return where the next byte goes.

    Years count from March here, so that a leap day is a year's last: 400 of them have 146,097 days. The days
    before month m (March 0) are (153 m + 2) // 5.
    """
    day, second = seconds // SECONDS, seconds % SECONDS
    # 0000-03-01 is 719,468 days before 1970-01-01.
    era, of_era = (day + 719_468) // 146_097, (day + 719_468) % 146_097
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    date = of_year - (153 * month + 2) // 5 + 1
    at = put_digits(out, at, era * 400 + year + (1 if month > 9 else 0), 4)  # noqa: PLR2004 - January's is 10
    out[at] = 45
    at = put_digits(out, at + 1, (month + 2) % 12 + 1, 2)
    out[at] = 45
    at = put_digits(out, at + 1, date, 2)
    out[at] = 84
    at = put_digits(out, at + 1, second // 3600, 2)
    out[at] = 58
    at = put_digits(out, at + 1, second // 60 % 60, 2)
    out[at] = 58
    at = put_digits(out, at + 1, second % 60, 2)
    out[at] = 90
    return at + 1
