"""Referrals on a real broker: opened, addressed by a diary in another partition, escalated (rule 15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.hexes import centre_of
from streams.domain.records import AreaPublished, AreaVersion, Sightings, TimeAdvanced
from streams.kafka import positions
from streams.people.actors import Actor, Role
from streams.people.addresses import ANYWHERE, Address
from streams.people.appeals import OpenAppeal
from streams.people.declarations import Declare
from streams.people.referrals import AcknowledgeReferral, CloseReferral, RecordFinding
from streams.people.referred import (
    Cause,
    CausesGone,
    FindingRecorded,
    ReferralAcknowledged,
    ReferralAddressed,
    ReferralClosed,
    ReferralEscalated,
    ReferralOpened,
)
from streams.people.referring import HOUR
from streams.people.register import Community, Resident
from streams.people.statements import Place, Statement
from tests.agents.stage import HEXED, Stage, a_stage, a_worker, run, until
from tests.agents.test_person_colours import (
    CLEAR,
    DAY,
    LI,
    NOW,
    PHONE,
    STAY,
    WANG,
    ask,
    at,
    bind,
    buried,
    colours,
    folding,
    heard,
    open_up,
    recorded,
    turn,
)
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker
    from streams.people.commands import Recorded

RED = Cause("red", "STAYED", "A")
WORKER, OFFICER = Actor("worker-1", Role.COMMUNITY, "lane-7"), Actor("officer-1", Role.OFFICER, "county")
AT_HOME = Address("lane-7", None, "address")


def settle(stage: Stage, person: bytes, community: str = "lane-7") -> None:
    entry = codecs.encode_resident(Resident(person, 1, community, "60-69"))
    stage.send(stage.names.residents, [(person, entry)])


def publish(stage: Stage, community: Community) -> None:
    stage.send(stage.names.communities, [(community.id.encode(), codecs.encode_community(community))])


def facts(stage: Stage) -> list[Recorded[Any]]:
    return [codecs.decode_recorded(one.value) for one in stage.read(stage.names.referrals)]


def bodies(stage: Stage) -> list[Any]:
    return recorded(stage, stage.names.referrals)


def tick(stage: Stage, person: bytes, seconds: int, times: int = 1) -> None:
    value = codecs.encode_record(TimeAdvanced(seconds))
    stage.send(stage.names.person_phones, [(codecs.CLOCK_KEY, value)] * times, at(person))


def decided_on(stage: Stage, topic: str, person: bytes) -> bool:
    """Say whether a person's desk has decided on all that stands in its partition of a topic."""
    notes = {one.key: one.value for one in stage.read(stage.names.checkpoints)}
    found = notes.get(positions.key_of(topic, at(person)))
    return found is not None and positions.decode(found) > stage.read(topic, at(person))[-1].offset


def test_red_is_referred_once_and_escalated_by_the_datas_time_across_restarts_until_it_is_taken_on(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        settle(stage, LI)
        async with a_worker(stage) as app:
            await until(lambda: folding(stage) and heard(stage, stage.names.residents, at(LI)))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: len(bodies(stage)) == 1)
            due = bodies(stage)[0].due
            tick(stage, LI, due - 1, times=2)
            tick(stage, LI, due, times=2)
            await until(lambda: len(bodies(stage)) == 2)
            app.engine.refresh()
            told = app.engine.metrics.registry.get_sample_value
            assert told("shendeng_referrals", {"state": "open"}) == 1
            assert told("shendeng_referrals_overdue") == 1
        tick(stage, LI, due)
        tick(stage, LI, due + 2 * DAY + HOUR)
        async with a_worker(stage):
            await until(lambda: len(bodies(stage)) == 4)
            ask(stage, "c-1", LI, AcknowledgeReferral(), Actor("worker-9", Role.COMMUNITY, "lane-8"))
            ask(stage, "c-2", LI, AcknowledgeReferral(), WORKER)
            ask(stage, "c-2", LI, AcknowledgeReferral(), WORKER)
            await until(lambda: len(bodies(stage)) == 5)
        tick(stage, LI, due + 3 * DAY)
        async with a_worker(stage):
            await until(lambda: decided_on(stage, stage.names.person_phones, LI))

    run(work)
    opened, *escalated, taken = facts(stage)
    assert opened.body == ReferralOpened(1, (RED,), "red", AT_HOME, opened.at // 1000 + 4 * HOUR)
    due = opened.body.due
    assert [(one.at // 1000, one.body) for one in escalated] == [
        (due, ReferralEscalated(1, due + DAY)),
        (due + DAY, ReferralEscalated(2, due + 2 * DAY)),
        (due + 2 * DAY, ReferralEscalated(3, due + 3 * DAY)),
    ]
    assert (taken.body, taken.actor) == (ReferralAcknowledged(), WORKER)
    assert buried(stage) == ["other_community"]
    keys = [one.key.decode() for one in stage.read(stage.names.referrals)]
    assert keys == [f"{LI.hex()}/{number}" for number in range(1, 6)]


def test_a_visitor_is_referred_to_where_their_phone_is_at_night_though_its_diary_lies_elsewhere(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    cell, coarse = HEXED.placed(8, 5000)
    slot = NOW // 900 * 900
    stayed = [
        Sightings(slot - ago * 900, [PHONE], [cell], [slot // 900 - ago], [coarse])
        for ago in range(100, 2, -1)
    ]
    x, y = centre_of(cell)
    square = ((((x - 1, y - 1), (x + 1, y - 1), (x + 1, y + 1), (x - 1, y + 1), (x - 1, y - 1)),),)
    area = AreaVersion("A", 1, square, NOW - 30 * DAY)

    async def work() -> None:
        stage.make_topics("one")
        publish(stage, Community("lane-7", 1, "Lane 7", "county-1", square))
        publish(stage, Community("far", 1, "Far", "county-1", places.geometry("a speck in outside")))
        async with a_worker(stage):
            await until(lambda: folding(stage))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            stage.send_journal(at(PHONE), *stayed, AreaPublished(slot, area))
            await until(lambda: len(bodies(stage)) == 2, 60)
            [question] = stage.read(stage.names.night_requests)
            stage.send(stage.names.night_requests, [(question.key, question.value)])
            await until(lambda: len(stage.read(stage.names.nights)) == 2)
            stage.send(stage.names.night_requests, [(PHONE, b"rubbish"), (PHONE, None)])
            await until(lambda: len(buried(stage)) == 2)
        stage.send(stage.names.night_requests, [(question.key, question.value)])
        async with a_worker(stage):
            await until(lambda: len(stage.read(stage.names.nights)) == 3)
            await until(lambda: decided_on(stage, stage.names.nights, LI))

    run(work)
    assert at(PHONE) != at(LI)
    opened, addressed = bodies(stage)
    assert opened.address == Address(None, "county-1", "county")
    assert (addressed.address.community, addressed.address.by) == ("lane-7", "nights")
    assert addressed.address.slots >= 30
    one, *again = stage.read(stage.names.nights)
    assert (one.key, one.partition) == (LI, at(LI))
    assert [each.value for each in again] == [one.value] * 2
    assert codecs.decode_nights_spent(one.value).hex == cell


def test_who_hides_a_visit_is_referred_for_it_and_green_closes_nothing(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    stayed = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))
    later = NOW + 20 * DAY

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            ask(stage, "c-1", WANG, Declare(stayed))
            ask(stage, "c-2", WANG, Declare(Statement()))
            await until(lambda: len(bodies(stage)) == 2)
            ask(stage, "c-3", WANG, AcknowledgeReferral(), OFFICER)
            await until(lambda: len(bodies(stage)) == 3)
            tick(stage, WANG, later)
            await until(lambda: any(isinstance(one, CausesGone) for one in bodies(stage)))
            ask(stage, "c-4", WANG, CloseReferral("a-1"), Actor("appeals", Role.OPERATOR))
            await until(lambda: isinstance(bodies(stage)[-1], ReferralClosed))

    run(work)
    opened, added, taken, *notes, closed = bodies(stage)
    assert (opened.causes, opened.address) == ((RED,), ANYWHERE)
    assert added.causes == (Cause("contradicted", "STAYED", "A"),)
    assert taken == ReferralAcknowledged()
    assert {one for note in notes for one in note.causes} == {RED, *added.causes}
    assert notes[-1].suggestion == "close"
    assert closed == ReferralClosed("a-1")
    assert not any(isinstance(one, ReferralAddressed) for one in bodies(stage))


def test_what_is_refuted_opens_an_appeal_once_and_what_is_confirmed_none(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    asked = RecordFinding("STAYED", "A", confirmed=False, ticket="T-7")

    def appeals() -> list[Any]:
        found = [codecs.decode_command(one.value) for one in stage.read(stage.names.commands)]
        return [one for one in found if isinstance(one.body, OpenAppeal)]

    async def work() -> None:
        open_up(stage)
        settle(stage, LI)
        async with a_worker(stage):
            await until(lambda: folding(stage) and heard(stage, stage.names.residents, at(LI)))
            bind(stage, PHONE, 1, LI, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: bodies(stage))
            ask(stage, "c-1", LI, RecordFinding("STAYED", "A", confirmed=True, ticket="T-6"), WORKER)
            await until(lambda: len(bodies(stage)) == 2)
            assert appeals() == []
        ask(stage, "c-2", LI, asked, WORKER)
        ask(stage, "c-2", LI, asked, WORKER)
        async with a_worker(stage):
            await until(lambda: [one.by for one in recorded(stage, stage.names.appeals)] == ["referral"])
            turn(stage, PHONE, 2, CLEAR)
            await until(lambda: colours(stage, LI)[-1] == "green" and len(bodies(stage)) == 4)

    run(work)
    [appeal] = appeals()
    assert appeal.body == OpenAppeal("reason", "STAYED", "A", PHONE.hex(), "T-7")
    assert (appeal.id, appeal.aggregate) == (f"referrals/{LI.hex()}/3/{NOW * 1000}", LI.hex())
    assert bodies(stage)[1:] == [
        FindingRecorded("STAYED", "A", confirmed=True, ticket="T-6"),
        FindingRecorded("STAYED", "A", confirmed=False, ticket="T-7"),
        CausesGone((RED,), "green", "close"),
    ]
