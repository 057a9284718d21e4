"""A person's colour on a real broker: from phones, declarations and time, told once (rule 12.2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.records import AreaVersion, ColourChanged, Reason, TimeAdvanced
from streams.kafka import positions
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.passes import TURNED, IssuePass, PassIssued, PassRevoked
from streams.people.phoneless import NoPhoneProposed, NoPhoneRecorded, RecordNoPhone
from streams.people.register import Resident
from streams.people.sources import colour_of
from streams.people.statements import Place, Statement
from tests.agents.stage import PARTITIONS, Stage, a_stage, a_worker, run, until
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.kafka.local import LocalBroker
    from streams.people.person_colour import PersonColour

NOW = int(time.time())
DAY = 86_400
STAY = (Reason("STAYED", "A", 1, NOW - 3 * DAY, NOW - 2 * DAY, 1425),)
CLEAR = (Reason("CLEAR"),)
ONE, TWO = Actor("worker-1", Role.COMMUNITY, "lane-7"), Actor("worker-2", Role.COMMUNITY, "lane-7")


def named(number: int, partition: int) -> bytes:
    """Return a pseudonym of a partition."""
    names = (bytes((1, number, other, *[0] * 13)) for other in range(200))
    return next(name for name in names if codecs.partitions_of([name], PARTITIONS)[0] == partition)


LI, WANG = named(1, 0), named(2, 1)
PHONE, OTHER = named(3, 1), named(4, 0)
"""Each in another partition than Li."""


def at(phone: bytes) -> int:
    return codecs.partitions_of([phone], PARTITIONS)[0]


def bind(stage: Stage, phone: bytes, version: int, person: bytes | None, since: int, check: int = 7) -> None:
    one = Binding(phone, version, person, "mobile", since, check=check)
    key = codecs.version_key(phone.hex(), version)
    stage.send(stage.names.identity_bindings, [(key, codecs.encode_binding(one))], at(phone))


def turn(
    stage: Stage, phone: bytes, number: int, reasons: Sequence[Reason], until: int | None = None
) -> None:
    colour = colour_of(reasons)
    change = ColourChanged(phone, number, None, colour, tuple(reasons), 0, NOW, until, at(phone), 0)
    stage.send(stage.names.colour_changes, [(phone, codecs.encode_change(change))])


def ask(stage: Stage, name: str, of: bytes, body: Any, actor: Actor | None = None) -> None:
    command = Command(name, of.hex(), actor or Actor(of.hex(), Role.RESIDENT), NOW * 1000, body)
    stage.send(stage.names.commands, [(of, codecs.encode_command(command))])


def told(stage: Stage, person: bytes) -> list[PersonColour]:
    found = [codecs.decode_person_colour(one.value) for one in stage.read(stage.names.person_colours)]
    return [one for one in found if one.person == person]


def colours(stage: Stage, person: bytes) -> list[str]:
    found = told(stage, person)
    assert [one.sequence for one in found] == list(range(1, len(found) + 1))
    return [one.colour for one in found]


def recorded(stage: Stage, topic: str) -> list[Any]:
    return [codecs.decode_recorded(one.value).body for one in stage.read(topic)]


def buried(stage: Stage) -> list[str]:
    return [codecs.decode_dead_letter(one.value).reason for one in stage.read(stage.names.dead_letters)]


def open_up(stage: Stage) -> None:
    """Make the topics and publish area A."""
    stage.make_topics("one")
    area = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 30 * DAY)
    stage.send(stage.names.risk_areas, [(b"A", codecs.encode_area(area))])


def folding(stage: Stage) -> bool:
    """Say whether the colours' workers have noted how far they are; before, no change may stand."""
    keys = {one.key for one in stage.read(stage.names.checkpoints)}
    return {f"position/{number}".encode() for number in range(PARTITIONS)} <= keys


def heard(stage: Stage, topic: str, partition: int) -> bool:
    """Say whether a desk has heard all that stands in a topic."""
    notes = {one.key: one.value for one in stage.read(stage.names.checkpoints)}
    found = notes.get(positions.key_of(topic, partition))
    return found is not None and positions.decode(found) == len(stage.read(topic, partition))


def test_of_two_phones_in_other_partitions_the_red_one_counts_and_a_restart_tells_nothing_again(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            bind(stage, OTHER, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, CLEAR)
            await until(lambda: colours(stage, LI) == ["green"])
            turn(stage, OTHER, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, LI) == ["green", "red"])
        turn(stage, OTHER, 2, CLEAR)
        async with a_worker(stage):
            await until(lambda: colours(stage, LI) == ["green", "red", "green"])

    run(work)
    red = told(stage, LI)[1]
    assert [(one.origin, one.reasons) for one in red.sources] == [("signal", CLEAR), ("signal", STAY)]
    assert red.previous == "green"
    assert buried(stage) == []


def test_people_may_have_workers_of_their_own(broker: LocalBroker, topic_prefix: str) -> None:
    engine, people = (a_stage(broker.address, topic_prefix, agents=agents) for agents in ("engine", "people"))

    async def work() -> None:
        open_up(engine)
        async with a_worker(engine) as colouring, a_worker(people) as deciding:
            await until(lambda: folding(engine))
            bind(engine, PHONE, 1, LI, NOW - 10 * DAY)
            turn(engine, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(engine, LI) == ["red"])
            assert not hasattr(colouring, "desks")
            assert not hasattr(deciding, "lives")

    run(work)


def test_who_hands_a_red_phone_on_stays_red_until_the_area_goes_and_who_gets_it_is_not_accused(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, LI) == ["red"])
            bind(stage, PHONE, 2, WANG, NOW - 30)
            await until(lambda: len(told(stage, LI)) == 2)
            turn(stage, PHONE, 2, CLEAR)
            await until(lambda: told(stage, WANG))
        gone = AreaVersion("A", 2, (), NOW - 30 * DAY, withdrawn=True)
        stage.send(stage.names.risk_areas, [(b"A", codecs.encode_area(gone))])
        async with a_worker(stage):
            await until(lambda: len(told(stage, LI)) == 3)

    run(work)
    assert colours(stage, LI) == ["red", "red", "unknown"]
    assert [[one.origin for one in change.sources] for change in told(stage, LI)] == [
        ["signal"],
        ["kept"],
        ["signal"],
    ]
    assert "red" not in colours(stage, WANG)
    phones = {one.key: one.value for one in stage.read(stage.names.person_phones)}
    kept = codecs.decode_person_phone(phones[codecs.person_phone_key(LI, PHONE)])
    assert (kept.held, [one.reason for one in kept.kept]) == (None, list(STAY))


def test_a_declaration_makes_red_and_revokes_a_paper_pass_once_and_its_age_ends_it_at_its_second(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    stayed = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))
    later = NOW + 20 * DAY

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            ask(stage, "c-0", LI, IssuePass())
            await until(lambda: buried(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, CLEAR)
            await until(lambda: colours(stage, LI) == ["green"])
            ask(stage, "c-1", LI, IssuePass())
            await until(lambda: recorded(stage, stage.names.passes))
        ask(stage, "c-2", LI, Declare(stayed))
        async with a_worker(stage):
            await until(lambda: len(recorded(stage, stage.names.passes)) == 2)
            tick = codecs.encode_record(TimeAdvanced(later))
            stage.send(stage.names.person_phones, [(codecs.CLOCK_KEY, tick)], at(LI))
            await until(lambda: len(told(stage, LI)) == 4)

    run(work)
    issued, revoked = recorded(stage, stage.names.passes)
    assert isinstance(issued, PassIssued)
    assert (issued.colour, issued.check) == ("green", 7)
    assert revoked == PassRevoked(issued.pass_id, TURNED)
    assert colours(stage, LI) == ["green", "red", "green", "green"]
    _, red, past, old = told(stage, LI)
    assert [source.origin for source in red.sources] == ["signal", "declaration"]
    assert (past.effective_at, len(past.sources)) == (-(-(NOW - 2 * DAY) // 900) * 900 + 14 * DAY - 900, 2)
    assert (old.effective_at, len(old.sources)) == (NOW + 14 * DAY + 1, 1)
    assert buried(stage) == ["no_check_value"]


def test_no_phone_is_refused_while_a_phone_was_observed_and_makes_a_declaration_count_where_none_was(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, CLEAR)
            await until(lambda: colours(stage, LI) == ["green"])
            ask(stage, "c-1", LI, RecordNoPhone(), ONE)
            ask(stage, "c-2", WANG, Declare(Statement()))
            ask(stage, "c-3", WANG, RecordNoPhone(), ONE)
            ask(stage, "c-4", WANG, RecordNoPhone(), ONE)
            await until(lambda: len(buried(stage)) == 2)
            entry = codecs.encode_resident(Resident(WANG, 1, "lane-7", "60-69"))
            stage.send(stage.names.residents, [(WANG, entry)])
            await until(lambda: heard(stage, stage.names.residents, at(WANG)))
        ask(stage, "c-6", WANG, RecordNoPhone(), Actor("worker-3", Role.COMMUNITY, "lane-8"))
        ask(stage, "c-5", WANG, RecordNoPhone(), TWO)
        async with a_worker(stage):
            await until(lambda: colours(stage, WANG)[-1:] == ["green"])

    run(work)
    assert sorted(buried(stage)) == ["other_community", "phone_observed", "two_people_needed"]
    bodies = recorded(stage, stage.names.declarations)
    assert [one for one in bodies if isinstance(one, NoPhoneProposed | NoPhoneRecorded)] == [
        NoPhoneProposed(),
        NoPhoneRecorded(),
    ]
    assert colours(stage, WANG) == ["unknown", "green"]
