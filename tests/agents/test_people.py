"""The agent `people` on a real broker: bindings and commands in; facts, exclusions, refusals out, once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.kafka import chains
from streams.kafka.looked import stood, texts_of
from streams.people.actors import Actor, Role
from streams.people.audit.lookups import Kind, Subject
from streams.people.audit.verify import verified
from streams.people.bindings import Binding
from streams.people.commands import Command, Recorded
from streams.people.manual import ConfirmBinding, ProposeBinding
from streams.people.phone_facts import BindingConfirmed, BindingProposed, SightingsStruck
from tests.agents.stage import PARTITIONS, Stage, a_stage, a_worker, run, until
from tests.people.looking import KEYS

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

PHONE = b"\x01" + bytes(14) + b"\x07"
LI, WANG = b"\x01" + bytes(14) + b"\x11", b"\x01" + bytes(14) + b"\x12"
NOW = int(time.time())
GATE = Actor("gate-1", Role.GATE)
ONE, TWO = Actor("officer-1", Role.OFFICER, "county"), Actor("officer-2", Role.OFFICER, "county")
[AT] = codecs.partitions_of([PHONE], PARTITIONS)


def bind(stage: Stage, *bindings: Binding) -> None:
    values = [
        (codecs.version_key(one.phone.hex(), one.version), codecs.encode_binding(one)) for one in bindings
    ]
    stage.send(stage.names.identity_bindings, values, AT)


def ask(stage: Stage, *commands: Command[Any]) -> None:
    stage.send(stage.names.commands, [(PHONE, codecs.encode_command(one)) for one in commands])


def facts(stage: Stage) -> list[Recorded[Any]]:
    values = [one.value for one in stage.read(stage.names.identity_bindings)]
    return [codecs.decode_recorded(value) for value in values if codecs.is_recorded(value)]


def exclusions(stage: Stage) -> list[tuple[bytes | None, int | None, int | None, bool]]:
    found = [codecs.decode_exclusion(one.value) for one in stage.read(stage.names.exclusions)]
    return [(one.phone, one.from_, one.until, one.withdrawn) for one in found]


def buried(stage: Stage) -> list[str]:
    return [codecs.decode_dead_letter(one.value).reason for one in stage.read(stage.names.dead_letters)]


def denied(stage: Stage) -> list[tuple[str | None, Actor]]:
    """Return who was denied what, by chains in which nothing is wrong."""
    report = verified(stood(stage.brokers, stage.names.lookups), KEYS, int(time.time()) * 1000)
    assert report.findings == ()
    texts = texts_of(stage.brokers, stage.names.lookups, Subject(Kind.PHONE, PHONE))
    assert sum(chain.end.sequence for chain in report.chains) == len(texts)
    return [(one.lookup.denied, one.lookup.actor) for one in texts]


def bound(version: int, person: bytes | None, since: int) -> Binding:
    return Binding(PHONE, version, person, "mobile", since)


def test_a_recycled_number_strikes_the_old_diary_once_and_a_restart_decides_nothing_again(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    handover = NOW - 3600

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, bound(1, LI, NOW - 86_400))
        async with a_worker(stage):
            bind(stage, bound(2, None, NOW - 7200), bound(3, WANG, handover))
            await until(lambda: exclusions(stage))
        async with a_worker(stage):
            bind(stage, bound(3, WANG, handover), bound(4, LI, handover))
            await until(lambda: len(exclusions(stage)) == 2)

    run(work)
    assert exclusions(stage) == [(PHONE, None, handover, False), (PHONE, None, handover, True)]
    assert [(one.version, one.command, one.body) for one in facts(stage)] == [
        (1, "binding/3", SightingsStruck(-1, handover, PHONE)),
        (2, "binding/4", SightingsStruck(-1, handover, PHONE, withdrawn=True)),
    ]


def test_two_officers_bind_a_phone_and_what_is_refused_is_a_dead_letter(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    at = NOW * 1000

    async def work() -> None:
        stage.make_topics("one")
        proposal = ProposeBinding(LI, NOW - 60, "document_seen", "T-7")
        ask(
            stage,
            Command("c-1", PHONE.hex(), ONE, at, proposal),
            Command("c-1", PHONE.hex(), ONE, at, proposal),
            Command("c-2", PHONE.hex(), ONE, at, ConfirmBinding(LI)),
            Command("c-3", PHONE.hex(), TWO, at, ConfirmBinding(LI), 0),
            Command("c-4", WANG.hex(), TWO, at, ConfirmBinding(LI)),
            Command("c-5", PHONE.hex(), TWO, at + 3_600_000, ConfirmBinding(LI)),
        )
        stage.send(stage.names.commands, [(PHONE, b"rubbish")])
        async with a_worker(stage):
            await until(lambda: len(buried(stage)) == 5)
        ask(stage, Command("c-6", PHONE.hex(), TWO, at, ConfirmBinding(LI), 1))
        ask(stage, Command("c-7", PHONE.hex(), GATE, at, ConfirmBinding(LI)))
        async with a_worker(stage) as app:
            await until(lambda: len(facts(stage)) == 2 and len(buried(stage)) == 6)
            assert {desk.partition for desk in app.desks.live()} == set(range(PARTITIONS))

    run(work)
    assert buried(stage) == [
        *("same_officer", "version_conflict", "bad_key", "future", "bad_framing"),
        "wrong_role",
    ]
    assert denied(stage) == [("same_officer", ONE), ("wrong_role", GATE)]
    notes = {one.key: one.value for one in stage.read(stage.names.checkpoints, AT)}
    assert chains.decode(notes[chains.key(AT)], AT).sequence == 2
    assert [(one.version, one.command, one.actor, one.body) for one in facts(stage)] == [
        (1, "c-1", ONE, BindingProposed(LI, NOW - 60, "document_seen", "T-7")),
        (2, "c-6", TWO, BindingConfirmed(LI, NOW - 60, 0, "document_seen", "T-7")),
    ]


def test_a_desk_finds_the_end_of_its_chain_though_nobody_has_noted_it(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics("one")
        for number in (1, 2):
            ask(stage, Command(f"c-{number}", PHONE.hex(), GATE, NOW * 1000, ConfirmBinding(LI)))
            async with a_worker(stage):
                await until(lambda: len(buried(stage)) == number)  # noqa: B023 - asked within its turn
            stage.send(stage.names.checkpoints, [(chains.key(AT), None)], AT)

    run(work)
    assert denied(stage) == [("wrong_role", GATE)] * 2


def test_a_binding_that_begins_later_or_stands_under_anothers_key_is_a_dead_letter(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, bound(1, LI, NOW + 86_400))
        stage.send(stage.names.identity_bindings, [(b"x/1", codecs.encode_binding(bound(1, LI, NOW)))], AT)
        stage.send(stage.names.identity_bindings, [(b"x/1", b"rubbish")], AT)
        async with a_worker(stage):
            await until(lambda: len(buried(stage)) == 3)
        async with a_worker(stage):
            bind(stage, bound(2, LI, NOW - 60), bound(3, WANG, NOW - 30))
            await until(lambda: exclusions(stage))

    run(work)
    assert buried(stage) == ["future", "bad_key", "bad_framing"]
