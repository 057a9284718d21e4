"""What carriers sent, in columns: LocationEvents and LocationBatches, many values at once (D7).

Read by compiled code where a value is exactly of the forms we publish, else by fastavro, which says why not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from streams.codecs.errors import CodecError
from streams.codecs.inputs import MOST_SIGHTINGS
from streams.codecs.values import Values
from streams.columns.events import BATCH, EVENT, read_batch, read_events
from streams.window.book import halves

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.codecs.heads import Heads
    from streams.codecs.inputs import Events


class Heard(NamedTuple):
    """Sightings in columns of one length.

    `high` and `low` (int64) are the pseudonyms' halves as big-endian numbers; `cells` the towers' ids as they
    were spelt, `cell` (int64) each sighting's place among them; `seen_ms` milliseconds since 1970; `value`
    the number of the value in which a sighting stood, and `nth` its place there.
    """

    high: Any
    low: Any
    cells: Values
    cell: Any
    seen_ms: Any
    value: Any
    nth: Any


def hear(
    values: Values, heads: Heads, decode: Callable[[bytes | None], Events]
) -> tuple[list[Heard], list[tuple[int, str]]]:
    """Return the values' sightings, in order, and (number, reason) of each value that cannot be read.

    `decode` reads a value that the compiled code does not, or raises CodecError.
    """
    values = values.read_only()
    kind, high, low, text, length, seen_ms = read_events(values.data, values.start, values.size, *heads)
    found: list[Heard] = []
    bad: list[tuple[int, str]] = []

    def events(first: int, end: int) -> Heard:
        some, each = slice(first, end), np.arange(end - first)
        cells = Values(values.data, text[some], length[some])
        return Heard(high[some], low[some], cells, each, seen_ms[some], each + first, np.zeros_like(each))

    done = 0
    for number in np.flatnonzero(kind != EVENT).tolist():
        if done < number:
            found.append(events(done, number))
        done = number + 1
        batch = _batch(values, int(text[number]), number) if kind[number] == BATCH else None
        try:
            found.append(batch if batch is not None else _listed(decode(values.one(number)), number))
        except CodecError as error:
            bad.append((number, error.reason))
    if done < len(kind):
        found.append(events(done, len(kind)))
    return found, bad


def _batch(values: Values, body: int, number: int) -> Heard | None:
    """Return a batch's sightings, None for one that the compiled code does not read."""
    end = int(values.start[number] + values.size[number])
    count, high, low, text, length, cell, seen_ms = read_batch(values.data, body, end, MOST_SIGHTINGS)
    if count < 0:
        return None
    cells = Values(values.data, text, length)
    return Heard(high, low, cells, cell, seen_ms, np.full(count, number), np.arange(count))


def _listed(events: Events, number: int) -> Heard:
    """Return sightings that stand as objects."""
    count = len(events.phones)
    return Heard(
        *halves(events.phones),
        Values.of([cell.encode() for cell in events.cells]),
        np.arange(count),
        np.array(events.seen_at, np.int64),
        np.full(count, number),
        np.arange(count),
    )
