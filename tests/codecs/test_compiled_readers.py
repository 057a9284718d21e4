"""Compiled readers and writers agree with fastavro and avro-python3 on every value, good or mutated."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import avro.io
import avro.schema
import fastavro
import h3.api.basic_int as h3
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import codecs
from streams.codecs import forms, schemas
from streams.codecs.values import Values
from streams.columns.placed import Placed
from streams.domain.records import Sightings
from streams.kafka.journal import Refused, admit
from streams.window.book import halves
from streams.window.columns import pseudonyms, record_of
from tests.codecs.plain_cells import is_cell

if TYPE_CHECKING:
    from collections.abc import Callable

LONGS = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-300, 300) | st.integers(0, 2_000_000_000_000)
PHONES = st.binary(min_size=16, max_size=16)
CELLS = st.text(max_size=20) | st.integers(0, 10**9).map(lambda number: f"460-0-12-{number}")
ASCII = st.text(st.characters(max_codepoint=127), max_size=20)


def events(cells: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.tuples(PHONES, cells, LONGS).map(lambda one: codecs.encode_event(*one))


def batches(cells: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    return st.lists(st.tuples(PHONES, cells, LONGS), max_size=8).map(
        lambda several: codecs.encode_batch(
            codecs.Events(*([one[nth] for one in several] for nth in range(3)))  # type: ignore[arg-type]
        )
    )


A_CELL = h3.latlng_to_cell(28.0, 120.7, 8)
HEXES = st.sampled_from([A_CELL, h3.cell_to_children(A_CELL)[0], 0, -1]) | LONGS
ROW = st.tuples(PHONES, HEXES, LONGS, st.booleans())


def record(clock: int, rows: list[tuple[bytes, int, int, bool]]) -> bytes:
    columns = [[row[nth] for row in rows] for nth in range(4)]
    return codecs.encode_record(Sightings(clock, *columns))  # type: ignore[arg-type]


RECORD = st.builds(record, st.integers(-5, 300_000_000_000) | LONGS, st.lists(ROW, max_size=6))

LONG_PLACES = json.loads(schemas.load()["LocationBatch"].text.replace('"int"', '"long"'))
"""A LocationBatch whose places may be beyond an int: the bytes are the same."""


def varint(number: int) -> bytes:
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, "long", number)
    return stream.getvalue()


def cut_up(draw: Callable[[Any], Any], value: bytes) -> bytes:
    """Change a value as a fault or an enemy would: bytes, its end, a number made long, something put in."""
    mutated = bytearray(value)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(mutated)))
        kind = draw(st.integers(0, 3))
        if kind == 0 and at < len(mutated):
            mutated[at] = draw(st.integers(0, 255))
        elif kind == 1:
            del mutated[at:]
        elif kind == 2:
            mutated[at:at] = draw(st.binary(max_size=3) | LONGS.map(varint))
        elif at < len(mutated):
            mutated[at : at + 1] = bytes((mutated[at] | 0x80, 0x80, 0x00))
    return bytes(mutated)


def compiled(values: list[bytes | None]) -> list[list[tuple[bytes, bytes, int]] | str]:
    """Return for each value its sightings in order, or why not, as the compiled way gives them."""
    heard, bad = codecs.hear(Values.of(values), codecs.heads_of({}), codecs.decode_events)
    found: list[list[tuple[bytes, bytes, int]] | str] = [[] for _ in values]
    for number, reason in bad:
        found[number] = reason
    for several in heard:
        phones = pseudonyms(several.high, several.low)
        for one, (phone, cell, seen_ms) in enumerate(
            zip(phones, several.cell.tolist(), several.seen_ms.tolist(), strict=True)
        ):
            rows = found[int(several.value[one])]
            assert isinstance(rows, list)
            assert int(several.nth[one]) == len(rows)
            rows.append((phone, several.cells.one(cell) or b"", seen_ms))
    return found


def plain(value: bytes | None) -> list[tuple[bytes, bytes, int]] | str:
    try:
        events = codecs.decode_events(value)
    except codecs.CodecError as error:
        return error.reason
    cells = [cell.encode() for cell in events.cells]
    return list(zip(events.phones, cells, events.seen_at, strict=True))


@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_sightings_or_the_reason_are_those_of_fastavro_whatever_the_bytes(data: st.DataObject) -> None:
    several = data.draw(st.lists(events(CELLS) | batches(CELLS), min_size=1, max_size=4))
    values: list[bytes | None] = [cut_up(data.draw, value) for value in several]
    assert compiled(values) == [plain(value) for value in values]


def admitted_plainly(value: bytes | None, append_ms: int) -> Any:
    """Return what enters, by fastavro and h3 alone."""
    try:
        found = codecs.decode_record(value)
    except codecs.CodecError as error:
        return error.reason
    if found.clock * 1000 > append_ms + 300_000:
        return "future"
    if isinstance(found, Sightings) and not all(is_cell(cell, 8) for cell in found.hexes):
        return "bad_value"
    return found


@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_what_the_journal_admits_is_what_fastavro_and_h3_admit_whatever_the_bytes(
    data: st.DataObject,
) -> None:
    good = st.builds(
        record,
        st.integers(0, 2_000_000_000),
        st.lists(st.tuples(PHONES, st.just(A_CELL), st.integers(0, 3_000_000), st.booleans()), max_size=6),
    )
    value = cut_up(data.draw, data.draw(good | RECORD))
    found = admit(value, 1_900_000_000_000, 300, 8)
    entered = found.reason if isinstance(found, Refused) else record_of(found)
    assert entered == admitted_plainly(value, 1_900_000_000_000)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(st.tuples(PHONES, LONGS, st.booleans(), st.integers(0, 1 << 40)), min_size=1, max_size=30),
    st.data(),
)
def test_the_writers_bytes_are_those_of_fastavro(
    rows: list[tuple[bytes, int, bool, int]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(rows))))
    ends = [
        *sorted(data.draw(st.sets(st.integers(1, len(rows))) if len(rows) > 1 else st.just(set()))),
        len(rows),
    ]
    ends = sorted(set(ends))
    hexes, coarse, seconds = (np.array([row[nth] for row in rows], np.int64) for nth in (1, 2, 3))
    placed = Placed(*halves([row[0] for row in rows]), hexes, coarse, seconds)
    values = codecs.encode_columns(placed, np.array(order), np.array(ends), 900)
    for first, end, value in zip([0, *ends], ends, values, strict=False):
        some = [rows[one] for one in order[first:end]]
        clock = max(row[3] for row in some)
        assert value == record(clock, [(p, h, s // 900, c) for p, h, c, s in some])
        assert read_by_avro(value)["clock"] == clock


def read_by_avro(value: bytes) -> dict[str, Any]:
    reader = avro.io.DatumReader(avro.schema.parse(schemas.load()["Sightings"].text))
    fields: dict[str, Any] = reader.read(avro.io.BinaryDecoder(io.BytesIO(value[10:])))
    return fields


@settings(max_examples=500, deadline=None)
@given(st.data())
def test_blocks_of_any_size_with_or_without_their_bytes_told_are_read(data: st.DataObject) -> None:
    """Java's BlockingBinaryEncoder writes the latter."""
    several = data.draw(st.lists(st.tuples(PHONES, st.just("460-0-1-1"), LONGS), min_size=1, max_size=8))

    def blocks(items: list[bytes]) -> bytes:
        written = b""
        while items:
            count = data.draw(st.integers(1, len(items)))
            some, items = items[:count], items[count:]
            body = b"".join(some)
            told = data.draw(st.booleans())
            written += (varint(-count) + varint(len(body)) if told else varint(count)) + body
        return written + b"\x00"

    phones = b"".join(phone for phone, _, _ in several)
    value = forms.head_of("LocationBatch") + varint(len(phones)) + phones
    value += blocks([varint(9) + b"460-0-1-1", varint(1) + b"x"])
    value += blocks([varint(0) for _ in several])
    value += blocks([varint(seen_ms) for _, _, seen_ms in several])
    expected = [(phone, cell.encode(), seen_ms) for phone, cell, seen_ms in several]
    assert compiled([value]) == [expected] == [plain(value)]
    kind = codecs.hear(Values.of([value]), codecs.heads_of({}), never)
    assert kind[1] == []


def never(_: bytes | None) -> codecs.Events:
    raise AssertionError("left to fastavro")


@given(st.lists(events(ASCII) | batches(ASCII), max_size=5))
def test_what_is_not_odd_is_not_left_to_fastavro(values: list[bytes | None]) -> None:
    codecs.hear(Values.of(values), codecs.heads_of({}), never)


@pytest.mark.parametrize("places", [[0, -1], [0, 1], [0], [0, 0, 0], [0, 1 << 40], [1, 0]])
def test_a_batch_whose_columns_do_not_fit_is_refused_as_by_fastavro(places: list[int]) -> None:
    columns = {"phones": bytes(32), "cells": ["460-0-1-1"], "cell": places, "seen_at": [1, 2]}
    stream = io.BytesIO()
    fastavro.schemaless_writer(stream, schemas.plain(LONG_PLACES), columns)
    value = forms.head_of("LocationBatch") + stream.getvalue()
    assert compiled([value]) == [plain(value)] == ["bad_value"]


@pytest.mark.parametrize("last", [b"\x00", b"\x01", b"\x02", b"\x03", b"\x7f", b"\x80\x00", b"\x81\x00"])
@pytest.mark.parametrize("before", [b"\xff", b"\x80", b"\xfe"])
def test_a_number_of_ten_bytes_or_more_is_what_fastavro_takes_it_for(before: bytes, last: bytes) -> None:
    event = codecs.encode_event(bytes(16), "460-0-1-1", 0)[:-1] + before * 9 + last
    assert compiled([event]) == [plain(event)]
