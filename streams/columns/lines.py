"""Colour changes, compiled: each one a line of JSON, as `streams.codecs.change_json` spells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from streams.columns.changes import SEQUENCE_DIGITS
from streams.columns.texts import copied, put_decimal, put_digits, put_phone, put_time
from streams.window.compiled import compiled, entry
from streams.window.counting import BITS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from streams.columns.changes import Place
    from streams.window.shapes import Array

OWN_ROOM: Final = 400
"""Bytes that suffice for a line's own values beside its reasons: four pseudonyms, three times, numbers."""
REASON_ROOM: Final = 64
"""Bytes that suffice for a reason's own values beside its area: two times, a number."""
NULL: Final = 0
"""The place of `null` among words."""


class JsonSpelling(NamedTuple):
    """What is written as it stands (uint8): texts, of which each ends where the next begins."""

    around: Array
    around_ends: Array
    """A line around what is a change's own, in the order in which `write_lines` writes it."""
    words: Array
    word_ends: Array
    """NULL, then the colours by number, quoted."""
    kinds: Array
    kind_ends: Array
    """By kind: what a reason that names an area begins with."""
    times: Array
    time_ends: Array
    """What stands behind a reason's `from`, `until` and dwell."""
    bare: Array
    bare_ends: Array
    """Reasons that name no area, whole, in the order of their bits."""


class JsonAreas(NamedTuple):
    """By serial: what stands between a reason's beginning and its `from`, as texts in a row."""

    text: Array
    end: Array


@compiled
def put_reasons(
    out: Array,
    at: int,
    base: int,
    reasons: Array,
    begin: int,
    end: int,
    areas: JsonAreas,
    spelling: JsonSpelling,
) -> int:
    """Write a change's reasons, with commas between, and return where the next byte goes."""
    first = at
    for number in range(begin, end):
        reason = reasons[number]
        if at > first:
            out[at] = 44
            at += 1
        at = copied(out, at, spelling.kinds, spelling.kind_ends, int(reason.kind))
        at = put_time(out, copied(out, at, areas.text, areas.end, reason.area), reason.from_)
        at = put_time(out, copied(out, at, spelling.times, spelling.time_ends, 0), reason.until)
        at = put_decimal(out, copied(out, at, spelling.times, spelling.time_ends, 1), int(reason.dwell))
        at = copied(out, at, spelling.times, spelling.time_ends, 2)
    for number in range(len(BITS)):
        if base & BITS[number]:
            if at > first:
                out[at] = 44
                at += 1
            at = copied(out, at, spelling.bare, spelling.bare_ends, number)
    return at


@entry
def write_lines(
    rows: Array,
    reasons: Array,
    free: int,
    areas: JsonAreas,
    place: Place,
    spelling: JsonSpelling,
    out: Array,
) -> int:
    """Write changes, whose reasons begin at number `free`, into `out`; return where that ends."""
    at, around, ends = 0, spelling.around, spelling.around_ends
    words, word_ends = spelling.words, spelling.word_ends
    for number in range(len(rows)):
        row = rows[number]
        high, low, sequence, end = row.high, row.low, row.sequence, int(row.end)
        at = put_phone(out, copied(out, at, around, ends, 0), high, low)
        out[at] = 45
        at = put_decimal(out, at + 1, sequence)
        at = put_phone(out, copied(out, at, around, ends, 1), high, low)
        at = put_time(out, copied(out, at, around, ends, 2), row.effective_at)
        at = put_phone(out, copied(out, at, around, ends, 3), high, low)
        at = put_digits(out, copied(out, at, around, ends, 4), sequence, SEQUENCE_DIGITS)
        at = put_phone(out, copied(out, at, around, ends, 5), high, low)
        at = put_decimal(out, copied(out, at, around, ends, 6), sequence)
        at = copied(out, at, around, ends, 7)
        at = copied(out, at, words, word_ends, int(row.previous) + 1)
        at = copied(out, at, around, ends, 8)
        at = copied(out, at, words, word_ends, int(row.colour) + 1)
        at = copied(out, at, around, ends, 9)
        at = put_reasons(out, at, int(row.base), reasons, free, end, areas, spelling)
        free = end
        at = put_decimal(out, copied(out, at, around, ends, 10), row.policy_version)
        at = put_time(out, copied(out, at, around, ends, 11), row.effective_at)
        at = copied(out, at, around, ends, 12)
        if row.valid_until == NOTHING:
            at = copied(out, at, words, word_ends, NULL)
        else:
            out[at] = 34
            at = put_time(out, at + 1, row.valid_until)
            out[at] = 34
            at += 1
        at = put_decimal(out, copied(out, at, around, ends, 13), place.partition)
        at = copied(out, at, around, ends, 14)
        if place.offset == NOTHING:
            at = copied(out, at, words, word_ends, NULL)
        else:
            at = put_decimal(out, at, place.offset)
        at = copied(out, at, around, ends, 15)
    return at
