"""A person erased on a real broker: every topic, what a desk remembers, and what is on disk (rule 19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.looked import stood, texts_of
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.verify import verified
from streams.people.declarations import Declare
from streams.people.erasure import ErasePerson
from streams.people.passes import IssuePass, PassIssued, PassRevoked
from streams.people.register import Resident
from streams.people.statements import Statement
from tests.agents.erased import (
    clock_of,
    colours_now,
    compacted,
    desks_naming,
    everything_of_li,
    hasten,
    kept,
    look_at,
    naming,
    on_disk,
    standing,
    tick,
    upheld,
)
from tests.agents.stage import a_stage, a_worker, run, until
from tests.agents.test_person_colours import (
    CLEAR,
    DAY,
    LI,
    NOW,
    OTHER,
    PHONE,
    STAY,
    WANG,
    ask,
    bind,
    buried,
    colours,
    folding,
    open_up,
    recorded,
    turn,
)
from tests.people.looking import KEYS

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

ENTRY = codecs.encode_resident(Resident(LI, 1, "lane-7", "60-69", 7))


def test_who_is_erased_stands_in_no_topic_and_no_memory_and_the_audit_still_verifies(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    names, subject = stage.names, Subject(Kind.PERSON, LI)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage) as app:
            await until(lambda: folding(stage))
            stage.send(names.residents, [(LI, ENTRY)])
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            bind(stage, OTHER, 1, WANG, NOW - 20 * DAY)
            bind(stage, OTHER, 2, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, LI) == ["red"])
            await upheld(stage, PHONE)
            turn(stage, PHONE, 2, CLEAR)
            await until(lambda: colours(stage, LI)[-1] == "green")
            everything_of_li(stage)
            await until(
                lambda: recorded(stage, names.passes) and len(recorded(stage, names.declarations)) == 4
            )
            await look_at(stage, subject, Subject(Kind.PHONE, PHONE), subject)
            assert {topic for topic, _ in naming(stage, LI)} == {
                *("declarations", "passes", "identity-bindings", "residents"),
                *("person-colours", "person-phones", "lookups", "referrals", "appeals"),
            }
            assert desks_naming(app, LI)
            ask(stage, "c-9", LI, ErasePerson())
            await until(lambda: naming(stage, LI) == [] or buried(stage))
            assert buried(stage) == []
            assert desks_naming(app, LI) == []
        async with a_worker(stage) as app:
            assert desks_naming(app, LI) == []

    run(work)
    issued, revoked = (codecs.decode_recorded(value).body for value in standing(stage, names.passes).values())
    assert isinstance(issued, PassIssued)
    assert isinstance(revoked, PassRevoked)
    assert (issued.pass_id, issued.check, issued.colour) == (revoked.pass_id, 0, "unknown")
    report = verified(stood(stage.brokers, names.lookups), KEYS, NOW * 1000)
    assert report.findings == ()
    [chain] = report.chains
    assert (chain.end.sequence, chain.bare) == (3, 2)
    assert texts_of(stage.brokers, names.lookups, subject) == []
    assert len(texts_of(stage.brokers, names.lookups, Subject(Kind.PHONE, PHONE))) == 1
    phones = {one.key: one.value for one in stage.read(names.person_phones)}
    assert [key for key, value in phones.items() if key != codecs.CLOCK_KEY and value is not None] == []
    assert colours_now(stage, WANG) == []


def test_a_red_reason_waits_and_a_window_later_nothing_waits_any_more(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage) as app:
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 30 * DAY)
            await until(lambda: colours(stage, LI) == ["red"])
            ask(stage, "c-1", LI, ErasePerson())
            ask(stage, "c-2", LI, ErasePerson())
            await until(lambda: buried(stage) == ["erasure_stands"])
            tick(stage, LI, NOW + 13 * DAY)
            await until(lambda: clock_of(app, LI) >= NOW + 13 * DAY)
            assert colours(stage, LI) == ["red"]
            assert naming(stage, LI)
            tick(stage, LI, NOW + 15 * DAY)
            await until(lambda: naming(stage, LI) == [])

    run(work)


def test_a_phone_that_turns_green_lets_its_holder_go_at_once(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 3 * DAY)
            await until(lambda: colours(stage, LI) == ["red"])
            ask(stage, "c-1", LI, ErasePerson())
            await until(lambda: len(recorded(stage, stage.names.declarations)) == 1)
        turn(stage, PHONE, 2, CLEAR)
        async with a_worker(stage):
            await until(lambda: naming(stage, LI) == [])
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            await until(lambda: buried(stage) == ["erased"])
            assert naming(stage, LI) == []
            bind(stage, PHONE, 2, LI, NOW - 60)
            await until(lambda: colours_now(stage, LI) != [])

    run(work)


def test_after_compaction_has_run_neither_topics_nor_disks_hold_who_was_erased(
    own_broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(own_broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        hasten(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            stage.send(stage.names.residents, [(LI, ENTRY)])
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, CLEAR)
            await until(lambda: colours(stage, LI) == ["green"])
            ask(stage, "c-1", LI, Declare(Statement()))
            ask(stage, "c-2", LI, IssuePass())
            await until(lambda: recorded(stage, stage.names.passes))
            await look_at(stage, Subject(Kind.PERSON, LI))
            assert {topic for topic, *_ in on_disk(own_broker, stage, LI)} >= {
                "declarations",
                "identity-bindings",
            }
            ask(stage, "c-3", LI, ErasePerson())
            await until(lambda: naming(stage, LI) == [])
            await until(lambda: compacted(own_broker, stage, LI), 180)

    run(work)
    report = verified(stood(stage.brokers, stage.names.lookups), KEYS, NOW * 1000)
    assert report.findings == ()
    for topic in kept(stage):
        keys = [one.key for one in stage.read(topic)]
        assert not any(LI in key or LI.hex().encode() in key for key in keys), topic
