"""What becomes of a carrier's sighting before any broker is involved: sorted, waiting, given up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from streams import codecs
from streams.agents.errand import Errand
from streams.agents.grace import Grace, Waiting
from streams.agents.sorting import Sorted, Sorter, Unplaced
from streams.agents.towers import ABSENT, NO_TOWER, TowerTable
from streams.codecs import MOST_SIGHTINGS as MOST
from streams.columns.placed import Placed
from streams.domain.towers import Tower
from streams.kafka.wire import Wire
from streams.window.book import halves
from streams.window.columns import pseudonyms

if TYPE_CHECKING:
    from streams.domain.towers import Placed as Place
    from streams.kafka.chunks import Chunk

NOW_MS = 1_800_000_000_000
PHONE = bytes(15) + b"\x01"
NEAR = Tower("460-0-1-1", 116.4, 39.9, 500.0)
WIDE = Tower("460-0-1-2", 116.4, 39.9, 5001.0)


def record(key: str, value: bytes | None) -> Any:
    return SimpleNamespace(key=key.encode(), value=value)


def table(*towers: Tower) -> TowerTable:
    made = TowerTable(8, 5000, lambda _name, _place: None, Wire(None).read)
    for tower in towers:
        made.take(record(tower.id, codecs.encode_tower(tower)))
    return made


def sorter(towers: TowerTable, partitions: int = 4) -> Sorter:
    return Sorter(towers, slot_minutes=15, max_skew=300, partitions=partitions)


def sorted_(towers: TowerTable, *seen: tuple[str, int]) -> Sorted:
    """Sort sightings (cell, milliseconds), each a value of its own."""
    values = [codecs.encode_event(PHONE, cell, seen_ms) for cell, seen_ms in seen]
    heard, bad = codecs.hear(codecs.Values.of(values), codecs.heads_of({}), codecs.decode_events)
    assert not bad
    return sorter(towers).sort(heard, np.full(len(seen), NOW_MS))


def records(phones: list[bytes], seconds: list[int]) -> list[tuple[int, Any]]:
    column = np.array(seconds, np.int64)
    placed = Placed(*halves(phones), np.full_like(column, 1), np.zeros_like(column), column)
    made = sorter(table()).records([placed])
    return [(number, codecs.decode_record(value)) for number, value in made]


def test_a_sighting_of_a_known_tower_is_placed_in_its_hex() -> None:
    result = sorted_(table(NEAR), (NEAR.id, NOW_MS))
    ((high, low, hexes, coarse, seconds),) = result.placed
    assert pseudonyms(high, low) == [PHONE]
    assert (hexes[0], coarse[0], seconds[0]) == (*NEAR.placed(8, 5000), NOW_MS // 1000)
    assert not result.waiting
    assert not result.refused


def test_a_towers_id_may_be_spelt_with_leading_zeros() -> None:
    result = sorted_(table(NEAR), ("460-00-01-0001", NOW_MS), ("460-00-01-0001", NOW_MS))
    assert len(result.placed[0].hexes) == 2


def test_a_tower_over_the_coarse_range_makes_its_sightings_coarse() -> None:
    assert sorted_(table(WIDE), (WIDE.id, NOW_MS)).placed[0].coarse.tolist() == [1]


def test_a_sighting_dated_five_minutes_after_its_arrival_is_taken_and_one_later_still_is_future() -> None:
    result = sorted_(table(NEAR), (NEAR.id, NOW_MS + 300_000), (NEAR.id, NOW_MS + 300_001))
    assert len(result.placed[0].hexes) == 1
    assert result.refused == [("future", 1, 0)]


def test_a_time_before_1970_is_a_bad_time() -> None:
    assert sorted_(table(NEAR), (NEAR.id, -1)).refused == [("bad_time", 0, 0)]


def test_a_tower_not_yet_known_makes_its_sighting_wait_and_a_name_no_tower_can_have_does_not() -> None:
    result = sorted_(table(), ("460-00-1-1", NOW_MS), ("nonsense", NOW_MS), ("٤٦٠-0-1-1", NOW_MS))
    assert result.waiting == [Unplaced("460-0-1-1", PHONE, NOW_MS // 1000, 0, 0)]
    assert result.refused == [("unknown_tower", 1, 0), ("unknown_tower", 2, 0)]


def test_records_are_cut_at_ten_thousand_and_each_has_its_own_largest_time_as_clock() -> None:
    made = records([PHONE] * (MOST + 1), [*(900 + nth % 7 for nth in range(MOST)), 907])
    assert [(len(one.phones), one.clock) for _, one in made] == [(MOST, 906), (1, 907)]
    assert set(made[0][1].slots) == {1}


def test_a_record_ends_before_a_sighting_that_moves_time_into_another_slot() -> None:
    made = [one for _, one in records([PHONE] * 5, [899, 900, 10, 1799, 5000])]
    assert [(one.slots, one.clock) for one in made] == [([0], 899), ([1, 0, 1], 1799), ([5], 5000)]


def test_a_record_holds_the_phones_of_one_partition() -> None:
    phones = [bytes(15) + bytes([n]) for n in range(100)]
    found = {number: set(one.phones) for number, one in records(phones, [5] * 100)}
    assert set().union(*found.values()) == set(phones)
    for number, held in found.items():
        assert codecs.partitions_of(sorted(held), 4) == [number] * len(held)


def test_a_tower_that_moves_or_goes_or_comes_moves_the_spellings_already_known() -> None:
    towers, moved = table(NEAR), Tower(NEAR.id, 117.0, 39.9, 6000.0)
    spelt = codecs.Values.of([b"460-00-1-1", b"460-0-1-2"])
    stands = towers.stand(spelt)
    assert stands.hexes.tolist() == [NEAR.placed(8, 5000)[0], 0]
    assert stands.coarse.tolist() == [0, ABSENT]
    for tower in (moved, WIDE):
        towers.take(record(tower.id, codecs.encode_tower(tower)))
    assert towers.stand(spelt).hexes.tolist() == [moved.placed(8, 5000)[0], WIDE.placed(8, 5000)[0]]
    assert towers.stand(spelt).coarse.tolist() == [1, 1]
    towers.take(record(NEAR.id, None))
    assert towers.stand(spelt).coarse.tolist() == [ABSENT, 1]


def test_spellings_beyond_the_bound_are_forgotten_and_learnt_again() -> None:
    towers = TowerTable(8, 5000, lambda _name, _place: None, Wire(None).read, most_spellings=3)
    towers.take(record(NEAR.id, codecs.encode_tower(NEAR)))
    for number in range(3_000):
        towers.tidy()
        several = [b"460-0-1-1", b"460-0-9-%d" % number, b"x%d" % number, "é".encode(), b""]
        stands = towers.stand(codecs.Values.of(several))
        assert stands.coarse.tolist() == [0, ABSENT, ABSENT, ABSENT, ABSENT]
        assert [int(row) == NO_TOWER for row in stands.row] == [False, False, True, True, True]
        assert towers.name(int(stands.row[1])) == f"460-0-9-{number}"
        assert len(towers._spellings) < 10  # noqa: SLF001 - what is bounded is memory


def test_a_withdrawn_tower_is_unknown_again_and_an_unreadable_one_stays_as_it_was() -> None:
    towers = table(NEAR)
    towers.take(record(NEAR.id, b"rubbish"))
    assert towers.at(NEAR.id) == NEAR.placed(8, 5000)
    towers.take(record(NEAR.id, None))
    assert towers.at(NEAR.id) is None


def test_a_tower_is_announced_when_it_is_new_and_not_when_it_changes() -> None:
    found: list[tuple[str, Place]] = []
    towers = TowerTable(8, 5000, lambda name, place: found.append((name, place)), Wire(None).read)
    for tower in (NEAR, Tower(NEAR.id, 117.0, 39.9, 500.0)):
        towers.take(record(tower.id, codecs.encode_tower(tower)))
    assert found == [(NEAR.id, NEAR.placed(8, 5000))]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Acked:
    def __init__(self) -> None:
        self.acks = 0

    def ack(self) -> None:
        self.acks += 1


def waiting(errand: Errand, cell: str = "460-0-1-1", offset: int = 0) -> Waiting:
    return Waiting(cell, PHONE, 5, offset, 0, errand)


def errand() -> tuple[Acked, Errand]:
    chunk = Acked()
    return chunk, Errand(cast("Chunk", chunk))


def test_who_waits_is_given_up_when_the_grace_is_over_and_not_before() -> None:
    clock, (_, one) = Clock(), errand()
    grace = Grace(600, 10, clock)
    grace.wait(waiting(one))
    clock.now = 599.9
    assert grace.given_up() == []
    clock.now = 600.0
    assert len(grace.given_up()) == 1
    assert len(grace) == 0
    assert grace.given_up() == []


def test_who_found_its_tower_is_not_given_up_later() -> None:
    clock, (_, one) = Clock(), errand()
    grace = Grace(600, 10, clock)
    grace.wait(waiting(one, "a"))
    grace.wait(waiting(one, "b"))
    assert [found.cell for found in grace.found("a")] == ["a"]
    assert grace.found("a") == []
    clock.now = 1000
    assert [gone.cell for gone in grace.given_up()] == ["b"]


def test_beyond_the_bound_the_oldest_is_given_up_first() -> None:
    grace, (_, one) = Grace(600, 2, Clock()), errand()
    for offset in range(5):
        grace.wait(waiting(one, offset=offset))
    assert [gone.offset for gone in grace.given_up()] == [0, 1, 2]
    assert len(grace) == 2


def test_many_that_find_their_tower_leave_nothing_behind() -> None:
    grace, (_, one) = Grace(600, 10, Clock()), errand()
    grace.wait(waiting(one, "never"))
    for number in range(5_000):
        grace.wait(waiting(one, str(number)))
        grace.found(str(number))
    assert len(grace) == 1
    assert len(grace._in_order) < 2_000  # noqa: SLF001 - what is bounded is memory


def test_a_chunk_is_acknowledged_once_and_only_when_nothing_of_it_is_open() -> None:
    chunk, one = errand()
    one.more(2)
    one.done()
    one.done()
    assert chunk.acks == 0
    one.done()
    assert chunk.acks == 1
