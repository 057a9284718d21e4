"""Declarations on a real broker: commands in; facts, consents noted, refusals out, once (rule 11)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.records import AreaVersion
from streams.kafka import positions
from streams.people.actors import Actor, Role
from streams.people.commands import Command, Recorded
from streams.people.declarations import Declare, NoteProxy, ReviewCorrection
from streams.people.proxies import PREFIX, ConsentGiven, GiveConsent
from streams.people.questions import QuestionDropped, QuestionRaised
from streams.people.said import CorrectionReviewed, Declared, ProxyNoted
from streams.people.statements import Place, Statement
from tests.agents.stage import PARTITIONS, Stage, a_stage, a_worker, run, until
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

NOW = int(time.time())
DAY = 86_400
OFFICER = Actor("officer-1", Role.OFFICER, "county")
STAYED = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))
NOWHERE = Statement()


def somebody(partition: int, number: int) -> str:
    """Return a person whose commands come in by a partition."""
    names = (bytes((1, number, other, *[0] * 13)) for other in range(200))
    return next(name.hex() for name in names if codecs.partitions_of([name], PARTITIONS)[0] == partition)


MOTHER, DAUGHTER = somebody(0, 1), somebody(1, 2)


def ask(stage: Stage, *commands: Command[Any]) -> None:
    values = [(codecs.aggregate_key(one.aggregate), codecs.encode_command(one)) for one in commands]
    stage.send(stage.names.commands, values)


def wish(name: str, of: str, body: Any, actor: Actor | None = None, at: int = NOW) -> Command[Any]:
    return Command(name, of, actor or Actor(of, Role.RESIDENT), at * 1000, body)


def facts(stage: Stage, of: str) -> list[Recorded[Any]]:
    found = [codecs.decode_recorded(one.value) for one in stage.read(stage.names.declarations)]
    return [one for one in found if one.aggregate == of]


def buried(stage: Stage) -> list[str]:
    return [codecs.decode_dead_letter(one.value).reason for one in stage.read(stage.names.dead_letters)]


def test_a_traveller_who_takes_it_back_at_once_is_asked_about_it_until_an_officer_confirms_across_a_restart(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    area = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 30 * DAY)

    async def work() -> None:
        stage.make_topics("one")
        stage.send(stage.names.risk_areas, [(b"A", codecs.encode_area(area))])
        said, taken_back = wish("c-1", MOTHER, Declare(STAYED)), wish("c-2", MOTHER, Declare(NOWHERE))
        async with a_worker(stage):
            ask(stage, said, said, taken_back)
            await until(lambda: len(facts(stage, MOTHER)) == 3)
        ask(stage, taken_back, wish("c-3", MOTHER, Declare(NOWHERE)), wish("c-4", "nobody", Declare(NOWHERE)))
        async with a_worker(stage):
            await until(lambda: len(buried(stage)) == 2)
            ask(stage, wish("c-5", MOTHER, ReviewCorrection(2, "T-1", confirmed=True), OFFICER))
            await until(lambda: len(facts(stage, MOTHER)) == 5)

    run(work)
    assert sorted(buried(stage)) == ["no_more_corrections", "no_person"]
    assert [one.body for one in facts(stage, MOTHER)] == [
        Declared(STAYED, "self", "first"),
        Declared(NOWHERE, "self", "milder", NOW + 48 * 3600),
        QuestionRaised("STAYED", "A"),
        CorrectionReviewed(2, "T-1", confirmed=True),
        QuestionDropped("STAYED", "A"),
    ]
    keys = [one.key.decode() for one in stage.read(stage.names.declarations)]
    assert [key.partition("/")[2] for key in keys] == ["1", "2", "contradicted-1", "3", "contradicted-2"]


def test_a_policys_thresholds_hold_from_the_command_after_it_and_a_refused_policy_changes_nothing(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    area = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 30 * DAY)
    proxy, mother = PREFIX + DAUGHTER, Actor(MOTHER, Role.RESIDENT)

    def publish(version: int, **thresholds: int | str) -> None:
        value = codecs.encode_policy(version, dict(thresholds))
        stage.send(stage.names.policies, [(b"policy", value)])

    async def work() -> None:
        stage.make_topics("one")
        stage.send(stage.names.risk_areas, [(b"A", codecs.encode_area(area))])
        publish(1, max_corrections=0, max_dependants=0)
        async with a_worker(stage):
            ask(stage, wish("c-1", MOTHER, Declare(STAYED)), wish("c-2", MOTHER, Declare(NOWHERE)))
            ask(stage, wish("c-3", proxy, GiveConsent(MOTHER), mother))
            await until(lambda: len(buried(stage)) == 2)
        publish(2, max_corrections=2, appeal_hours=24)
        publish(3, gate_green="hold", max_corrections=9)
        async with a_worker(stage):
            ask(stage, wish("c-4", MOTHER, Declare(NOWHERE)))
            ask(stage, wish("c-5", proxy, GiveConsent(MOTHER), mother))
            await until(lambda: len(facts(stage, MOTHER)) == 3)

    run(work)
    assert sorted(buried(stage)) == ["no_more_corrections", "refused", "too_many_dependants"]
    assert [one.body for one in facts(stage, MOTHER) if isinstance(one.body, Declared)] == [
        Declared(STAYED, "self", "first"),
        Declared(NOWHERE, "self", "milder", NOW + 24 * 3600),
    ]


def test_a_consent_is_noted_with_the_person_in_another_partition_and_a_proxy_may_speak_from_then_on(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    daughter, proxy = Actor(DAUGHTER, Role.RESIDENT), PREFIX + DAUGHTER
    mother = Actor(MOTHER, Role.RESIDENT)

    async def work() -> None:
        stage.make_topics("one")
        consent = wish("c-1", proxy, GiveConsent(MOTHER), mother)
        async with a_worker(stage):
            ask(stage, wish("c-0", MOTHER, Declare(NOWHERE), daughter))
            await until(lambda: buried(stage))
            ask(stage, consent, consent, wish("c-2", proxy, GiveConsent(DAUGHTER), daughter))
            await until(lambda: facts(stage, MOTHER) and len(buried(stage)) == 2)
        ask(stage, wish("c-3", MOTHER, Declare(NOWHERE), daughter))
        ask(stage, wish("c-4", MOTHER, NoteProxy("stranger", acts=True), daughter))
        async with a_worker(stage):
            await until(lambda: len(facts(stage, MOTHER)) == 2 and len(buried(stage)) == 3)

    run(work)
    assert sorted(buried(stage)) == ["no_consent", "own_proxy", "wrong_role"]
    assert [one.body for one in facts(stage, proxy)] == [ConsentGiven(MOTHER, "consent", "")]
    assert [(one.version, one.command, one.body) for one in facts(stage, MOTHER)] == [
        (1, f"{proxy}/1/{NOW * 1000}", ProxyNoted(DAUGHTER, acts=True)),
        (2, "c-3", Declared(NOWHERE, "proxy", "first")),
    ]


def test_what_was_decided_of_a_long_backlog_is_committed_while_the_rest_is_being_decided(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage, backlog = a_stage(broker.address, topic_prefix, agents="people"), 2000
    key = positions.key_of(stage.names.commands, codecs.partitions_of([bytes.fromhex(MOTHER)], PARTITIONS)[0])

    def reached() -> list[int]:
        return [positions.decode(one.value) for one in stage.read(stage.names.checkpoints) if one.key == key]

    async def work() -> None:
        stage.make_topics("one")
        ask(stage, *(wish(f"c-{number}", MOTHER, NoteProxy("x", acts=True)) for number in range(backlog)))
        async with a_worker(stage):
            await until(lambda: backlog in reached())

    run(work)
    assert any(0 < at < backlog for at in reached())
