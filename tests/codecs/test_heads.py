"""Which values the compiled readers take for sightings, in single-object framing and in Confluent's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams import codecs
from streams.codecs import schemas
from streams.codecs.values import Values

if TYPE_CHECKING:
    from streams.codecs import Events, Writer

PHONE = bytes(range(16))
EVENT = codecs.encode_event(PHONE, "460-0-1-2", 1_790_000_000_000)
BATCH = codecs.encode_batch(codecs.Events([PHONE] * 2, ["460-0-1-2", "460-0-1-3"], [1, 2]))


def writer(name: str, **changed: object) -> Writer:
    found = codecs.writer_of(json.dumps(json.loads(codecs.load()[name].text) | changed))
    assert found is not None
    return found


def wider() -> Writer:
    """A LocationEvent with a field more, as a carrier may send it."""
    fields = json.loads(codecs.load()["LocationEvent"].text)["fields"]
    return writer("LocationEvent", fields=[*fields, {"name": "level", "type": "int", "default": 0}])


WRITERS = {7: writer("LocationEvent"), 1 << 30: writer("LocationBatch"), 9: wider(), 4: writer("CellTower")}


def never(_: bytes | None) -> Events:
    raise AssertionError("left to fastavro")


def test_values_in_confluents_framing_are_read_compiled_too() -> None:
    values = [EVENT, codecs.framed(EVENT, 7), codecs.framed(BATCH, 1 << 30), codecs.framed(EVENT, 7)]
    heard, bad = codecs.hear(Values.of(values), codecs.heads_of(WRITERS), never)
    assert bad == []
    assert [(one.value.tolist(), one.nth.tolist()) for one in heard] == [
        ([0, 1], [0, 0]),
        ([2, 2], [0, 1]),
        ([3], [0]),
    ]
    assert [one.cells.one(0) for one in heard] == [b"460-0-1-2"] * 3


def test_a_schema_that_only_resembles_ours_or_an_id_not_learnt_is_left_to_the_codecs() -> None:
    asked: list[bytes | None] = []

    def decode(value: bytes | None) -> Events:
        asked.append(value)
        raise codecs.CodecError("unknown_schema")

    values: list[bytes | None] = [codecs.framed(EVENT, number) for number in (9, 4, 5)]
    values += [codecs.encode_dead_letter(codecs.DeadLetter("x", "t", 0, 0)), b"\x00\x00", b"", None]
    heard, bad = codecs.hear(Values.of(values), codecs.heads_of(WRITERS), decode)
    assert heard == []
    assert asked == values
    assert bad == [(number, "unknown_schema") for number in range(len(values))]


def test_a_value_is_too_large_by_what_it_is_in_single_object_framing() -> None:
    room = codecs.MOST_BYTES - len(codecs.encode_event(PHONE, "", 0)) - 2
    for more, large in ((0, False), (1, True)):
        value = codecs.encode_event(PHONE, "1" * (room + more), 0)
        assert len(value) == codecs.MOST_BYTES + more
        for sent in (value, codecs.framed(value, 7)):
            asked: list[bytes | None] = []

            def decode(value: bytes | None, asked: list[bytes | None] = asked) -> Events:
                asked.append(value)
                raise codecs.CodecError("oversized")

            codecs.hear(Values.of([sent]), codecs.heads_of(WRITERS), decode)
            assert asked == ([sent] if large else [])


@given(st.lists(st.none() | st.binary(max_size=7) | st.integers(0, 9).map(lambda n: codecs.framed(EVENT, n))))
def test_the_ids_in_a_buffer_are_those_of_each_value(values: list[bytes | None]) -> None:
    expected = {number for value in values if (number := codecs.schema_id(value)) is not None}
    assert codecs.schema_ids(Values.of(values)) == expected


def test_no_head_is_the_beginning_of_another() -> None:
    heads = codecs.heads_of(WRITERS)
    whole = [bytes(head[:length]) for head, length in zip(heads.heads, heads.lengths, strict=True)]
    assert len(whole) == 4
    assert not any(a != b and a.startswith(b) for a in whole for b in whole)
    assert schemas.load()["LocationEvent"].header in whole
