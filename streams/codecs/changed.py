"""Colour changes from columns to what goes into Kafka's records: keys, values, headers, in one buffer."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.codecs import forms
from streams.codecs.changes import HEADERS
from streams.columns.changes import REASON_ROOM, ROOM, Place, Spelling, write_changes
from streams.columns.texts import texts_of
from streams.window.changes import CODES
from streams.window.sets import COLOURS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from streams.window.changes import ChangeColumns

NAME: Final = "ColourChanged"


class Written(NamedTuple):
    """Records to be: `data` (uint8); `spans` (int64), a row each: begin and end of key, value and headers.

    Headers stand as in a record: their count, then names and values behind their lengths.
    """

    data: Any
    spans: Any


def change_head() -> bytes:
    """Return the single-object header of changes' values; RuntimeError as `forms.head_of`."""
    return forms.head_of(NAME)


def written_changes(columns: ChangeColumns, begin: int, end: int, head: bytes) -> Written:
    """Return changes number `begin` to before `end`: the bytes of `encode_change` and `change_headers`.

    `head` is what each value begins with: its schema's header, single-object or Confluent's.
    """
    rows, areas = columns.rows[begin:end], columns.areas
    free = int(columns.rows["end"][begin - 1]) if begin else 0
    named = columns.reasons["area"][free : int(rows["end"][-1])] if len(rows) else columns.reasons["area"][:0]
    sizes = np.diff(areas.end, prepend=0)
    out = np.empty(
        len(rows) * (ROOM + len(head)) + len(named) * REASON_ROOM + int(sizes[named].sum()), np.uint8
    )
    spans = np.empty((len(rows), 6), np.int64)
    place = Place(columns.partition, NOTHING if columns.offset is None else columns.offset)
    size = write_changes(rows, columns.reasons, free, areas, place, _spelling(head), out, spans)
    return Written(out[:size], spans)


@cache
def _spelling(head: bytes) -> Spelling:
    return Spelling(
        np.frombuffer(head, np.uint8),
        *texts_of([colour.encode() for colour in COLOURS]),
        *texts_of([code.encode() for code in CODES]),
        *texts_of(_around()),
    )


def _around() -> list[bytes]:
    """Return a record's headers as they stand, cut where a change's own values stand."""
    parts = [_number(len(HEADERS))]
    for name, value in HEADERS.items():
        parts[-1] += _number(len(name)) + name.encode()
        if value:
            parts[-1] += _number(len(value)) + value
        else:
            parts.append(b"")
    return parts


def _number(small: int) -> bytes:
    """Return a number under 64 as Kafka's records and Avro write it."""
    return bytes([small << 1])
