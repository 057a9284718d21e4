"""Every value out and in again, its golden bytes, a second opinion, and hostile bytes."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import avro.io
import avro.schema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kafka.partitioner.default import murmur2

from streams import codecs
from streams.codecs import schemas
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    ColourChanged,
    Excluded,
    Exclusion,
    PolicyPublished,
    Reason,
    Sightings,
    TimeAdvanced,
)
from streams.domain.towers import Tower
from streams.people.audit.verify import Erased, Unreadable
from streams.people.disclosure import HexCount, released
from tests.codecs.people_values import PEOPLE
from tests.people.counted import partial_of
from tests.people.looking import chained, head, lookup

if TYPE_CHECKING:
    from collections.abc import Callable

GOLDEN = Path(__file__).parent.parent / "golden" / "codecs"
PHONE = bytes(range(16))
NOW = 1_790_000_000
SQUARE = ((((121.0, 28.0), (122.0, 28.0), (122.0, 29.0), (121.0, 28.0)),),)
AREA = AreaVersion("market", 2, SQUARE, NOW, NOW + 60, 2, name="市场 market")
EXCLUSION = Exclusion("c1", 3, None, 613363266007072767, NOW, None, NOW - 900)
EVENTS = codecs.Events([PHONE, PHONE[::-1]], ["460-0-1-2", "460-0-1-2"], [NOW * 1000, NOW * 1000 + 1])
THRESHOLDS = {"window_days": 7, "jump_speed": 99.5, "timezone": "UTC", "jurisdiction": SQUARE}
CHANGE = ColourChanged(
    PHONE, 2, "green", "red", (Reason("STAYED", "market", 2, NOW, NOW + 900, 240),), 1, NOW, NOW + 9, 3, 77
)
COUNT = HexCount(608819013534580735, NOW * 1000, None, released(31), released(15), None)
PARTIAL = partial_of(2, NOW * 1000, {608819013534580735: (1, 16, 15, 300)}, more=True)
[LINK], [TEXT] = chained("web-1", lookup())
HEAD = head(LINK)
VALUES: dict[str, tuple[bytes, Callable[[bytes], Any], Any]] = {
    "LocationEvent": (
        codecs.encode_event(PHONE, "460-0-1-2", NOW * 1000),
        codecs.decode_events,
        codecs.Events([PHONE], ["460-0-1-2"], [NOW * 1000]),
    ),
    "LocationBatch": (codecs.encode_batch(EVENTS), codecs.decode_events, EVENTS),
    "CellTower": (
        codecs.encode_tower(Tower("460-0-1-2", 121.5, 28.5, None)),
        codecs.decode_tower,
        Tower("460-0-1-2", 121.5, 28.5, None),
    ),
    "RiskArea": (codecs.encode_area(AREA), codecs.decode_area, AREA),
    "Policy": (codecs.encode_policy(4, THRESHOLDS), codecs.decode_policy, (4, THRESHOLDS)),
    "Exclusion": (codecs.encode_exclusion(EXCLUSION), codecs.decode_exclusion, EXCLUSION),
    "ColourChanged": (codecs.encode_change(CHANGE), codecs.decode_change, CHANGE),
    "LookUpLink": (codecs.encode_lookup(LINK), codecs.decode_lookup, LINK),
    "LookUpText": (codecs.encode_lookup(TEXT), codecs.decode_lookup, TEXT),
    "LookUpHead": (codecs.encode_lookup(HEAD), codecs.decode_lookup, HEAD),
    "HexCount": (codecs.encode_hex_count(COUNT), codecs.decode_hex_count, COUNT),
    "HexPartial": (codecs.encode_hex_partial(PARTIAL), codecs.decode_hex_partial, PARTIAL),
    "DeadLetter": (
        codecs.encode_dead_letter(codecs.DeadLetter("bad_value", "t", 1, 2, 3)),
        codecs.decode_dead_letter,
        codecs.DeadLetter("bad_value", "t", 1, 2, 3),
    ),
}
for record in (
    Sightings(NOW, [PHONE], [613363266007072767], [NOW // 900], [True]),
    TimeAdvanced(NOW),
    AreaPublished(NOW, AREA),
    PolicyPublished(NOW, 5, THRESHOLDS),
    Excluded(NOW, EXCLUSION),
):
    VALUES[type(record).__name__] = (codecs.encode_record(record), codecs.decode_record, record)
VALUES |= PEOPLE


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_read_as_it_was_written(name: str) -> None:
    value, decode, expected = VALUES[name]
    assert decode(value) == expected


def test_every_schema_has_a_value_here() -> None:
    assert set(VALUES) == set(codecs.load())


@pytest.mark.parametrize("name", VALUES)
def test_the_bytes_are_those_of_the_golden_file(name: str) -> None:
    assert VALUES[name][0].hex() == (GOLDEN / f"{name}.hex").read_text().strip()


@pytest.mark.parametrize("name", VALUES)
def test_avro_python3_reads_the_same_body(name: str) -> None:
    value = VALUES[name][0]
    text = (schemas.folder() / f"{name}.avsc").read_text(encoding="utf-8")
    reader = avro.io.DatumReader(avro.schema.parse(text))
    stream = io.BytesIO(value[10:])
    fields = reader.read(avro.io.BinaryDecoder(stream))
    assert stream.read() == b""
    assert set(fields) == {field["name"] for field in json.loads(text)["fields"]}


@settings(deadline=None)
@given(
    st.integers(1, 1 << 40),
    st.sampled_from([None, "red", "yellow", "green", "unknown"]),
    st.sampled_from(["red", "yellow", "green", "unknown"]),
)
def test_a_changes_colour_alone_is_the_one_it_has(sequence: int, previous: Any, colour: Any) -> None:
    value = codecs.encode_change(replace(CHANGE, sequence=sequence, previous=previous, colour=colour))
    assert codecs.colour_in(value) == colour
    with pytest.raises(codecs.CodecError):
        codecs.colour_in(value[:28])


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "bad_framing"),
        (b"", "bad_framing"),
        (b"{}", "bad_framing"),
        (schemas.MAGIC + bytes(8), "unknown_fingerprint"),
        (VALUES["TimeAdvanced"][0], "unknown_fingerprint"),
        (VALUES["LocationEvent"][0][:-1], "truncated"),
        (VALUES["LocationEvent"][0] + b"\x00", "truncated"),
        (bytes((1 << 20) + 1), "oversized"),
    ],
)
def test_what_cannot_be_read_has_its_reason(value: bytes | None, reason: str) -> None:
    with pytest.raises(codecs.CodecError) as caught:
        codecs.decode_events(value)
    assert caught.value.reason == reason


def test_columns_of_different_lengths_make_no_sense() -> None:
    columns = {"phones": PHONE, "cells": ["460-0-1-2"], "cell": [0, 0], "seen_at": [0, 0]}
    with pytest.raises(codecs.CodecError, match="bad_value"):
        codecs.decode_events(schemas.encode("LocationBatch", columns))


@settings(max_examples=2000, deadline=None)
@given(st.data())
def test_mutated_bytes_raise_a_codec_error_or_nothing(data: st.DataObject) -> None:
    value, decode, _ = VALUES[data.draw(st.sampled_from(sorted(VALUES)))]
    mutated = bytearray(value)
    for _ in range(data.draw(st.integers(1, 4))):
        mutated[data.draw(st.integers(0, len(mutated) - 1))] = data.draw(st.integers(0, 255))
    try:
        decode(bytes(mutated[: data.draw(st.integers(0, len(mutated)))]))
    except codecs.CodecError as error:
        assert error.reason in {"bad_framing", "unknown_fingerprint", "truncated", "oversized", "bad_value"}  # noqa: PT017 - either outcome is right


@given(st.lists(st.binary(min_size=16, max_size=16), min_size=1), st.integers(1, 64))
def test_partitions_are_those_of_kafkas_default_partitioner(phones: list[bytes], partitions: int) -> None:
    expected = [(murmur2(phone) & 0x7FFFFFFF) % partitions for phone in phones]
    assert codecs.partitions_of(phones, partitions) == expected


def test_headers_and_json_say_the_same() -> None:
    event = json.loads(codecs.change_json(CHANGE))
    headers = {name.removeprefix("ce_"): value.decode() for name, value in codecs.change_headers(CHANGE)}
    del headers["content-type"]
    assert headers == {name: event[name] for name in headers}


@pytest.mark.parametrize("field", ["role", "subject_kind", "subject", "purpose", "sequence"])
def test_a_look_up_without_sense_is_none(field: str) -> None:
    _, fields = schemas.decode(VALUES["LookUpText"][0], "LookUpText")
    wrong = {"role": "king", "subject_kind": "dog", "subject": None, "purpose": "", "sequence": -1}
    with pytest.raises(codecs.CodecError, match="bad_value"):
        codecs.decode_lookup(schemas.encode("LookUpText", fields | {field: wrong[field]}))


def test_a_record_of_look_ups_under_a_key_that_does_not_name_it_is_none_of_ours() -> None:
    value, key = codecs.encode_lookup(LINK), codecs.lookup_key(LINK)
    assert codecs.stood(0, 7, key, value).what == LINK
    assert codecs.stood(0, 7, b"link/web-1/2", value).what == Unreadable("bad_key")
    assert codecs.stood(0, 7, None, value).what == Unreadable("bad_key")
    assert codecs.stood(0, 7, key, value[:-1]).what == Unreadable("truncated")


def test_a_tombstone_of_look_ups_says_by_its_key_what_it_takes() -> None:
    assert codecs.stood(0, 7, codecs.lookup_key(LINK), None).what == Erased("web-1", 1, link=True)
    assert codecs.stood(0, 7, codecs.lookup_key(TEXT), None).what == Erased("web-1", 1)
    assert codecs.stood(0, 7, codecs.lookup_key(HEAD), None).what == Unreadable("erased_head")
    for key in (None, b"", b"link/web-1", b"link/web-1/x", b"\xff/a/"):
        assert codecs.stood(0, 7, key, None).what == Unreadable("bad_key")
