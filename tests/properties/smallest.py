"""From a history on which two derivations differ to a small one on which they still do.

Histories come from seeds, which hypothesis cannot shrink; dropping records, areas and rows can.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.domain.records import Sightings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.properties.histories import History


def smallest(past: History, differs: Callable[[History], bool]) -> History:
    """Drop one thing after the other as long as the rest differs; the order of records stays."""
    while True:
        for smaller in without_one(past):
            if differs(smaller):
                past = smaller
                break
        else:
            return past


def without_one(past: History) -> Iterator[History]:
    for i in range(len(past.records)):
        yield replace(past, records=past.records[:i] + past.records[i + 1 :])
    for i in range(len(past.areas)):
        yield replace(past, areas=past.areas[:i] + past.areas[i + 1 :])
    for i, (offset, record) in enumerate(past.records):
        if isinstance(record, Sightings):
            for j in range(len(record.phones)):
                fewer = (offset, without_row(record, j))
                yield replace(past, records=(*past.records[:i], fewer, *past.records[i + 1 :]))


def without_row(record: Sightings, row: int) -> Sightings:
    columns = (record.phones, record.hexes, record.slots, record.coarse)
    phones, hexes, slots, coarse = ((*column[:row], *column[row + 1 :]) for column in columns)
    return Sightings(record.clock, phones, hexes, slots, coarse)
