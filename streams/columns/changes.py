"""Colour changes, compiled: each one's value in Avro and its headers as Kafka's records hold them.

A record's headers are their count, then each one's name and value behind their lengths; numbers in both
formats are zigzag varints: https://kafka.apache.org/documentation/#recordheader
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.columns.avro import PHONE, put_half, put_number
from streams.columns.texts import TIME, copied, digits_of, put_digits, put_phone, put_time
from streams.window.compiled import compiled, entry
from streams.window.counting import BITS, KINDS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from streams.window.naming import AreaNames
    from streams.window.shapes import Array

ROOM: Final = 768
"""Bytes that suffice for a change with the reasons that name no area, beside its value's head."""
REASON_ROOM: Final = 80
"""Bytes that suffice for a reason that names an area, beside the area's id."""
SEQUENCE_DIGITS: Final = 20


class Spelling(NamedTuple):
    """What is written as it stands (uint8): texts, of which each ends where the next begins."""

    head: Array
    """What each value begins with."""
    colours: Array
    colour_ends: Array
    codes: Array
    code_ends: Array
    """Codes of reasons in the order of rule 6.2."""
    around: Array
    around_ends: Array
    """A record's headers around id, subject, time, partitionkey and sequence, which are a phone's own."""


class Place(NamedTuple):
    """The journal record that changes come from; `offset` NOTHING for none."""

    partition: int
    offset: int


@compiled
def put_text(out: Array, at: int, texts: Array, ends: Array, number: int) -> int:
    """Write one of several texts as Avro's string and return where the next byte goes."""
    size = ends[number] - (ends[number - 1] if number else 0)
    return copied(out, put_number(out, at, size), texts, ends, number)


@compiled
def put_some(out: Array, at: int, number: int) -> int:
    """Write a number where there may be null, which has the branch before, and return where the next goes."""
    return put_number(out, put_number(out, at, 1), number)


@compiled
def put_reasons(
    out: Array,
    at: int,
    base: int,
    reasons: Array,
    begin: int,
    end: int,
    areas: AreaNames,
    spelling: Spelling,
) -> int:
    """Write a change's reasons and return where the next byte goes."""
    count = end - begin
    for bit in BITS:
        count += 1 if base & bit else 0
    if count:
        at = put_number(out, at, count)
    for number in range(begin, end):
        reason = reasons[number]
        at = put_text(out, at, spelling.codes, spelling.code_ends, int(reason.kind))
        at = put_text(out, put_number(out, at, 1), areas.text, areas.end, reason.area)
        at = put_some(out, at, areas.version[reason.area])
        at = put_some(out, at, reason.from_ * 1000)
        at = put_some(out, at, reason.until * 1000)
        at = put_some(out, at, int(reason.dwell))
    for number in range(len(BITS)):
        if base & BITS[number]:
            at = put_text(out, at, spelling.codes, spelling.code_ends, KINDS + number)
            for _ in range(5):
                at = put_number(out, at, 0)
    return put_number(out, at, 0)


@compiled
def put_headers(
    out: Array, at: int, spelling: Spelling, high: int, low: int, sequence: int, time: int
) -> int:
    """Write a change's headers and return where the next byte goes."""
    around, ends = spelling.around, spelling.around_ends
    digits = digits_of(sequence)
    at = put_number(out, copied(out, at, around, ends, 0), 2 * PHONE + 1 + digits)
    at = put_phone(out, at, high, low)
    out[at] = 45
    at = put_digits(out, at + 1, sequence, digits)
    at = put_number(out, copied(out, at, around, ends, 1), 2 * PHONE)
    at = put_phone(out, at, high, low)
    at = put_number(out, copied(out, at, around, ends, 2), TIME)
    at = put_time(out, at, time)
    at = put_number(out, copied(out, at, around, ends, 3), 2 * PHONE)
    at = put_phone(out, at, high, low)
    at = put_number(out, copied(out, at, around, ends, 4), SEQUENCE_DIGITS)
    at = put_digits(out, at, sequence, SEQUENCE_DIGITS)
    return copied(out, at, around, ends, 5)


@entry
def write_changes(
    rows: Array,
    reasons: Array,
    free: int,
    areas: AreaNames,
    place: Place,
    spelling: Spelling,
    out: Array,
    spans: Array,
) -> int:
    """Write changes, whose reasons begin at number `free`, into `out`; return where that ends.

    Puts into `spans` of each where its key begins and ends (which is part of the value), its value, its
    headers.
    """
    at = 0
    for number in range(len(rows)):
        row, span = rows[number], spans[number]
        span[2] = at
        for byte in spelling.head:
            out[at] = byte
            at += 1
        span[0], span[1] = at, at + PHONE
        at = put_half(out, put_half(out, at, row.high), row.low)
        at = put_number(out, at, row.sequence)
        previous, end = int(row.previous), int(row.end)
        at = put_number(out, at, 0 if previous < 0 else 1)
        if previous >= 0:
            at = put_text(out, at, spelling.colours, spelling.colour_ends, previous)
        at = put_text(out, at, spelling.colours, spelling.colour_ends, int(row.colour))
        at = put_reasons(out, at, int(row.base), reasons, free, end, areas, spelling)
        free = end
        at = put_number(out, at, row.policy_version)
        at = put_number(out, at, row.effective_at * 1000)
        if row.valid_until == NOTHING:
            at = put_number(out, at, 0)
        else:
            at = put_some(out, at, row.valid_until * 1000)
        at = put_number(out, at, place.partition)
        at = put_number(out, at, 0) if place.offset == NOTHING else put_some(out, at, place.offset)
        span[3] = span[4] = at
        at = put_headers(out, at, spelling, row.high, row.low, row.sequence, row.effective_at)
        span[5] = at
    return at
