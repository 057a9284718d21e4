"""The sorter as plain Python: what the compiled one is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from streams import codecs
from streams.domain.records import Sightings
from streams.domain.towers import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streams.domain.towers import Placed

SLOT = 900
MOST = 10_000
SKEW_MS = 300_000


class Seen(NamedTuple):
    phone: bytes
    cell: str
    seen_ms: int
    arrived_ms: int
    value: int
    nth: int


class Sorted(NamedTuple):
    placed: list[tuple[bytes, int, bool, int]]
    waiting: list[tuple[str, bytes, int, int, int]]
    refused: list[tuple[str, int, int]]


def heard(values: Sequence[bytes | None], arrived: Sequence[int]) -> tuple[list[Seen], list[tuple[int, str]]]:
    seen, bad = [], []
    for number, value in enumerate(values):
        try:
            events = codecs.decode_events(value)
        except codecs.CodecError as error:
            bad.append((number, error.reason))
            continue
        for nth, one in enumerate(zip(events.phones, events.cells, events.seen_at, strict=True)):
            seen.append(Seen(*one, arrived[number], number, nth))
    return seen, bad


def sort(seen: Sequence[Seen], towers: Mapping[str, Placed]) -> Sorted:
    result = Sorted([], [], [])
    for one in seen:
        where = (one.value, one.nth)
        name = canonical(one.cell)
        if one.seen_ms > one.arrived_ms + SKEW_MS:
            result.refused.append(("future", *where))
        elif one.seen_ms < 0:
            result.refused.append(("bad_time", *where))
        elif name is None:
            result.refused.append(("unknown_tower", *where))
        elif name not in towers:
            result.waiting.append((name, one.phone, one.seen_ms // 1000, *where))
        else:
            result.placed.append((one.phone, *towers[name], one.seen_ms // 1000))
    return result


def records(
    placed: Sequence[tuple[bytes, int, bool, int]], partitions: int, most: int = MOST
) -> Iterator[tuple[int, bytes]]:
    numbers = codecs.partitions_of([one[0] for one in placed], partitions)
    for number in sorted(set(numbers)):
        column = [one for one, its in zip(placed, numbers, strict=True) if its == number]
        for part in _by_slot(column, most):
            phones, hexes, coarse, seconds = zip(*part, strict=True)
            slots = [second // SLOT for second in seconds]
            yield number, codecs.encode_record(Sightings(max(seconds), phones, hexes, slots, coarse))


def _by_slot(
    column: Sequence[tuple[bytes, int, bool, int]], most: int
) -> Iterator[list[tuple[bytes, int, bool, int]]]:
    part: list[tuple[bytes, int, bool, int]] = []
    latest = column[0][3] // SLOT
    for one in column:
        slot = one[3] // SLOT
        if part and (slot > latest or len(part) == most):
            yield part
            part = []
        latest = max(latest, slot)
        part.append(one)
    yield part
