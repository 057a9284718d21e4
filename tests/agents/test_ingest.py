"""The agent `ingest` on a real broker: nothing lost, nothing acknowledged too early."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from streams import codecs
from streams.domain.records import Sightings
from streams.domain.towers import Tower
from streams.kafka import carriers
from tests.agents.stage import HEXED, PARTITIONS, Stage, a_stage, a_worker, run, until

if TYPE_CHECKING:
    import pytest

    from streams.kafka.local import LocalBroker

PHONES = [b"\x01" + bytes(14) + bytes([n]) for n in range(20)]
LATER = Tower("460-0-1-2", 116.5, 39.9, 500.0)


def now_ms() -> int:
    return int(time.time() * 1000)


def entered(stage: Stage) -> set[tuple[bytes, int, int]]:
    """Return (phone, hex, slot) of everything in the journal."""
    found: set[tuple[bytes, int, int]] = set()
    for one in stage.read(stage.names.journal):
        record = codecs.decode_record(one.value)
        if isinstance(record, Sightings):
            assert codecs.partitions_of(record.phones, PARTITIONS) == [one.partition] * len(record.phones)
            found.update(zip(record.phones, record.hexes, record.slots, strict=True))
    return found


def buried(stage: Stage, topic: str) -> list[tuple[str, str, int]]:
    letters = [codecs.decode_dead_letter(one.value) for one in stage.read(topic)]
    return sorted((letter.reason, letter.topic, letter.index) for letter in letters)


def test_both_spellings_enter_the_journal_and_what_is_wrong_becomes_a_dead_letter(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    names = stage.names
    seen = now_ms() - 3_600_000
    future = now_ms() + 3_600_000
    batch = codecs.Events(PHONES[1:4], [HEXED.id, "nonsense", HEXED.id], [seen, seen, future])

    async def work() -> None:
        stage.make_topics("one", "two")
        stage.send_towers(HEXED)
        stage.send_events("one", (PHONES[0], "460-00-1-1", seen))
        stage.send(
            names.events("two"), [(None, codecs.encode_batch(batch)), (None, b"rubbish"), (b"k", None)]
        )
        async with a_worker(stage) as app:
            await until(lambda: len(entered(stage)) == 2)
            await until(lambda: len(buried(stage, names.dead_letters)) == 4)
            await until(lambda: sum(n or 0 for n in stage.committed(names.events("two")).values()) == 3)
            counted = app.engine.metrics.sightings.labels("one")._value.get()  # noqa: SLF001
            assert counted == 1

    run(work)
    hexed, _ = HEXED.placed(8, 5000)
    assert entered(stage) == {(phone, hexed, seen // 900_000) for phone in PHONES[:2]}
    two = names.events("two")
    expected = [
        ("bad_framing", two, 0),
        ("bad_framing", two, 0),
        ("future", two, 2),
        ("unknown_tower", two, 1),
    ]
    assert buried(stage, names.dead_letters) == expected
    assert buried(stage, names.dead_letters_of("two")) == expected
    assert buried(stage, names.dead_letters_of("one")) == []
    assert {one.key for one in stage.read(names.dead_letters)} <= {
        f"{two}/{n}".encode() for n in range(PARTITIONS)
    }


def test_a_sighting_waits_for_its_tower_and_its_offset_waits_with_it(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    topic = stage.names.events("one")
    seen = now_ms()

    async def work() -> None:
        stage.make_topics("one")
        stage.send(topic, [(None, codecs.encode_event(PHONES[0], LATER.id, seen))], partition=0)
        async with a_worker(stage):
            stage.send_towers(HEXED)
            await until(lambda: len(stage.read(topic)) == 1)
            stage.send(topic, [(None, codecs.encode_event(PHONES[1], HEXED.id, seen))], partition=0)
            await until(lambda: len(entered(stage)) == 1)
            assert stage.committed(topic)[0] is None
            stage.send_towers(LATER)
            await until(lambda: len(entered(stage)) == 2)
            await until(lambda: stage.committed(topic)[0] == 2)

    run(work)
    assert buried(stage, stage.names.dead_letters) == []


def test_a_tower_that_never_comes_makes_a_dead_letter_when_the_grace_is_over(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix, tower_grace=1)
    topic = stage.names.events("one")

    async def work() -> None:
        stage.make_topics("one")
        stage.send_events("one", (PHONES[0], LATER.id, now_ms()))
        async with a_worker(stage):
            await until(lambda: buried(stage, stage.names.dead_letters))
            await until(lambda: 1 in stage.committed(topic).values())

    run(work)
    assert buried(stage, stage.names.dead_letters) == [("unknown_tower", topic, 0)]


def test_what_waited_when_the_worker_stopped_is_read_again_by_the_next(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics("one")
        stage.send_events("one", (PHONES[0], LATER.id, now_ms()))
        async with a_worker(stage) as app:
            waiting = app.ingest.grace
            await until(lambda: len(waiting) == 1)
        stage.send_towers(LATER)
        async with a_worker(stage):
            await until(lambda: len(entered(stage)) == 1)

    run(work)


def test_a_carrier_that_comes_later_is_read_without_a_restart(
    broker: LocalBroker, topic_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carriers, "LOOK_SECONDS", 0.5)
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics()
        stage.send_towers(HEXED)
        async with a_worker(stage):
            stage.make_topics("late")
            stage.send_events("late", (PHONES[0], HEXED.id, now_ms()))
            await until(lambda: len(entered(stage)) == 1)

    run(work)


def test_carriers_are_chosen_by_name_or_pattern(topic_prefix: str) -> None:
    names = a_stage("", topic_prefix).names
    there = [names.events(carrier) for carrier in ("alpha", "beta", "gamma")]
    others = ["location-events.alpha", names.journal, names.dead_letters_of("alpha")]

    def chosen(wanted: str) -> list[str | None]:
        return [names.carrier(topic) for topic in carriers.matching(wanted, names, there + others)]

    assert chosen("*") == ["alpha", "beta", "gamma"]
    assert chosen("gamma, alpha") == ["alpha", "gamma"]
    assert chosen("be*") == ["beta"]
    assert chosen("delta") == []
