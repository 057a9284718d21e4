"""What a journal says of retired epochs is left out, and its time passes all the same (rule 6.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.domain.records import Excluded, Exclusion, Sightings, TimeAdvanced
from streams.kafka.journal import admit
from streams.window.columns import SightingColumns, record_of
from tests.e2e.place import cells
from tests.scenarios.notation import phone

if TYPE_CHECKING:
    from streams.domain.records import Record

NOW = 1_790_000_000
HEX = cells()[0]
HIGH = bytes([201]) + bytes(15)


def sightings(*phones: bytes) -> Sightings:
    count = len(phones)
    return Sightings(NOW, list(phones), [HEX] * count, [NOW // 900] * count, [False] * count)


def excluded(name: bytes | None, place: int | None = None) -> Excluded:
    return Excluded(NOW, Exclusion("c-1", 1, name, place, NOW, None, NOW))


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        (sightings(phone("a"), phone("a.2"), HIGH), sightings(phone("a.2"), HIGH)),
        (sightings(phone("a.2")), sightings(phone("a.2"))),
        (sightings(phone("a"), phone("b")), TimeAdvanced(NOW)),
        (excluded(phone("a")), TimeAdvanced(NOW)),
        (excluded(phone("a.2")), excluded(phone("a.2"))),
        (excluded(None, HEX), excluded(None, HEX)),
        (TimeAdvanced(NOW), TimeAdvanced(NOW)),
    ],
)
def test_a_record_is_admitted_without_phones_of_retired_epochs(record: Record, kept: Record) -> None:
    found = admit(codecs.encode_record(record), NOW * 1000, 300, 8, frozenset({1}))
    assert (record_of(found) if isinstance(found, SightingColumns) else found) == kept


def test_an_epoch_over_half_of_all_is_found_too() -> None:
    value = codecs.encode_record(sightings(HIGH, phone("a")))
    found = admit(value, NOW * 1000, 300, 8, frozenset({201}))
    assert isinstance(found, SightingColumns)
    assert record_of(found) == sightings(phone("a"))
