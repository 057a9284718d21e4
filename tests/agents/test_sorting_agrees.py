"""From a carrier's bytes to the journal's: compiled and plain Python give the same bytes and reasons."""

from __future__ import annotations

from dataclasses import astuple
from types import SimpleNamespace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import codecs
from streams.agents.sorting import Sorter
from streams.agents.towers import TowerTable
from streams.columns.sightings import cut
from streams.domain.towers import Tower
from tests.agents import plain_sorting as plain

NOW = 1_790_000_000
TOWERS = [Tower(f"460-0-1-{number}", 116.4 + number / 50, 39.9, number * 2500.0) for number in range(5)]
PLACES = {tower.id: tower.placed(8, 5000) for tower in TOWERS}
PHONES = st.integers(0, 9).map(lambda number: bytes([number * 28]) * 16) | st.binary(min_size=16, max_size=16)
CELLS = st.one_of(
    st.sampled_from([tower.id for tower in TOWERS]),
    st.sampled_from(
        ["460-00-1-01", "0460-0-1-2", "460-0-1-77", "460-0-1-", "x", "", "٤٦٠-0-1-1", "460-0-1-1-1"]
    ),
)
TIMES = st.one_of(
    st.integers(-3000, 3000).map(lambda second: (NOW + second) * 1000),
    st.sampled_from([-1, 0, 999, -(1 << 63), (1 << 63) - 1, NOW * 1000 + 300_000, NOW * 1000 + 300_001]),
)
SIGHTING = st.tuples(PHONES, CELLS, TIMES)
VALUE = st.one_of(
    SIGHTING.map(lambda one: codecs.encode_event(*one)),
    st.lists(SIGHTING, max_size=6).map(
        lambda several: codecs.encode_batch(
            codecs.Events(*map(list, zip(*several, strict=True))) if several else codecs.Events()
        )
    ),
    st.sampled_from([None, b"", b"rubbish", codecs.encode_event(bytes(16), "1-1-1-1", 5)[:-1]]),
)


def table() -> TowerTable:
    made = TowerTable(8, 5000, lambda _name, _place: None, bytes)
    for tower in TOWERS:
        made.take(SimpleNamespace(key=tower.id.encode(), value=codecs.encode_tower(tower)))
    return made


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(VALUE, st.integers(-400, 400)), max_size=12), st.integers(1, 5))
def test_the_same_values_give_the_same_journal_and_the_same_dead_letters(
    several: list[tuple[bytes | None, int]], partitions: int
) -> None:
    values, arrived = [value for value, _ in several], [(NOW + at) * 1000 for _, at in several]
    heard, bad = codecs.hear(codecs.Values.of(values), codecs.heads_of({}), codecs.decode_events)
    seen, expected_bad = plain.heard(values, arrived)
    assert bad == expected_bad
    sorter = Sorter(table(), slot_minutes=15, max_skew=300, partitions=partitions)
    found, expected = sorter.sort(heard, np.array(arrived, np.int64)), plain.sort(seen, PLACES)
    assert found.refused == expected.refused
    assert [astuple(one) for one in found.waiting] == expected.waiting
    assert sorter.records(found.placed) == list(plain.records(expected.placed, partitions))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4000)), max_size=40), st.integers(1, 5))
def test_records_are_cut_where_plain_python_cuts(several: list[tuple[int, int]], most: int) -> None:
    several.sort(key=lambda one: one[0])
    numbers = np.array([number for number, _ in several], np.uint16)
    seconds = np.array([second for _, second in several], np.int64)
    ends = cut(np.arange(len(several)), numbers, seconds, plain.SLOT, most).tolist()
    expected, end = [], 0
    for number in range(4):
        column = [(bytes(16), 1, False, second) for its, second in several if its == number]
        for part in plain._by_slot(column, most) if column else ():  # noqa: SLF001 - the reference's own cut
            end += len(part)
            expected.append(end)
    assert ends == expected
