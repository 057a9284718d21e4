"""What becomes of a carrier's sighting before any broker is involved: sorted, waiting, given up."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from streams import codecs
from streams.agents.errand import Errand
from streams.agents.grace import Grace, Waiting
from streams.agents.sorting import MOST, Seen, Sorter
from streams.agents.towers import TowerTable
from streams.domain.towers import Tower
from streams.kafka.wire import Wire

if TYPE_CHECKING:
    from streams.domain.towers import Placed
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
    return Sorter(
        towers,
        slot_minutes=15,
        max_skew=300,
        partitions_of=lambda phones: codecs.partitions_of(phones, partitions),
    )


def seen(cell: str = NEAR.id, seen_ms: int = NOW_MS, phone: bytes = PHONE) -> Seen:
    return Seen(phone, cell, seen_ms, NOW_MS, 7, 3)


def test_a_sighting_of_a_known_tower_is_placed_in_its_hex() -> None:
    result = sorter(table(NEAR)).sort([seen()])
    assert result.placed == [(PHONE, *NEAR.placed(8, 5000), NOW_MS // 1000)]
    assert not result.waiting
    assert not result.refused


def test_a_towers_id_may_be_spelt_with_leading_zeros() -> None:
    result = sorter(table(NEAR)).sort([seen("460-00-01-0001"), seen("460-00-01-0001")])
    assert len(result.placed) == 2


def test_a_tower_over_the_coarse_range_makes_its_sightings_coarse() -> None:
    ((_, _, coarse, _),) = sorter(table(WIDE)).sort([seen(WIDE.id)]).placed
    assert coarse


def test_a_sighting_dated_five_minutes_after_its_arrival_is_taken_and_one_later_still_is_future() -> None:
    result = sorter(table(NEAR)).sort([seen(seen_ms=NOW_MS + 300_000), seen(seen_ms=NOW_MS + 300_001)])
    assert len(result.placed) == 1
    assert [reason for _, reason in result.refused] == ["future"]


def test_a_time_before_1970_is_a_bad_time() -> None:
    assert [reason for _, reason in sorter(table(NEAR)).sort([seen(seen_ms=-1)]).refused] == ["bad_time"]


def test_a_tower_not_yet_known_makes_its_sighting_wait_and_a_name_no_tower_can_have_does_not() -> None:
    result = sorter(table()).sort([seen("460-00-1-1"), seen("nonsense")])
    assert [(name, one.nth) for one, name in result.waiting] == [("460-0-1-1", 3)]
    assert [reason for _, reason in result.refused] == ["unknown_tower"]


def test_records_are_cut_at_ten_thousand_and_each_has_its_own_largest_time_as_clock() -> None:
    placed = [(PHONE, 1, False, 900 + nth % 7) for nth in range(MOST)] + [(PHONE, 1, False, 907)]
    records = list(sorter(table()).records(placed))
    assert [(len(one.phones), one.clock) for _, one in records] == [(MOST, 906), (1, 907)]
    assert set(records[0][1].slots) == {1}


def test_a_record_ends_before_a_sighting_that_moves_time_into_another_slot() -> None:
    placed = [(PHONE, 1, False, second) for second in (899, 900, 10, 1799, 5000)]
    records = [one for _, one in sorter(table()).records(placed)]
    assert [(list(one.slots), one.clock) for one in records] == [([0], 899), ([1, 0, 1], 1799), ([5], 5000)]


def test_a_record_holds_the_phones_of_one_partition() -> None:
    phones = [bytes(15) + bytes([n]) for n in range(100)]
    placed = [(phone, 1, False, 5) for phone in phones]
    found = {number: set(one.phones) for number, one in sorter(table()).records(placed)}
    assert set().union(*found.values()) == set(phones)
    for number, held in found.items():
        assert codecs.partitions_of(sorted(held), 4) == [number] * len(held)


def test_a_withdrawn_tower_is_unknown_again_and_an_unreadable_one_stays_as_it_was() -> None:
    towers = table(NEAR)
    towers.take(record(NEAR.id, b"rubbish"))
    assert towers.at(NEAR.id) == NEAR.placed(8, 5000)
    towers.take(record(NEAR.id, None))
    assert towers.at(NEAR.id) is None


def test_a_tower_is_announced_when_it_is_new_and_not_when_it_changes() -> None:
    found: list[tuple[str, Placed]] = []
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
