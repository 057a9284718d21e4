"""A referral goes on by the data's time when nothing else comes, after a restart too (rules 15.1, 15.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.people.referrals import CloseReferral
from streams.people.referred import CausesGone, ReferralClosed, ReferralEscalated, ReferralOpened
from streams.people.referring import HOUR
from streams.people.vouched import HeldPhone, PersonPhone
from tests.agents.stage import a_stage, a_worker, run, until
from tests.agents.test_person_colours import DAY, LI, NOW, PHONE, STAY, ask, at, colours, folding, open_up
from tests.agents.test_referring import bodies, decided_on, facts, tick
from tests.people.referred_course import SYSTEM

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker
    from tests.agents.stage import Stage

KEY = codecs.person_phone_key(LI, PHONE)
SAID = PersonPhone(LI, PHONE, HeldPhone(NOW - 10 * DAY, None, STAY, NOW, lead=False))


async def referred(stage: Stage) -> None:
    """Let a phone turn its holder red, and wait for the referral."""
    await until(lambda: folding(stage))
    stage.send(stage.names.person_phones, [(KEY, codecs.encode_person_phone(SAID))], at(LI))
    await until(lambda: len(bodies(stage)) == 1)


def test_whoever_has_no_phone_any_more_is_escalated_when_due_after_a_restart(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await referred(stage)
            stage.send(stage.names.person_phones, [(KEY, None)], at(LI))
            await until(lambda: len(bodies(stage)) == 2)
            await until(lambda: decided_on(stage, stage.names.person_phones, LI))
        tick(stage, LI, bodies(stage)[0].due)
        async with a_worker(stage):
            await until(lambda: len(bodies(stage)) == 3)

    run(work)
    opened, gone, late = bodies(stage)
    assert isinstance(opened, ReferralOpened)
    assert gone == CausesGone(opened.causes, "unknown", "close")
    assert late == ReferralEscalated(1, opened.due + DAY)
    assert colours(stage, LI) == ["red", "unknown"]


def test_a_red_that_stands_an_hour_after_an_upheld_appeal_is_referred_anew(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await referred(stage)
            ask(stage, "c-1", LI, CloseReferral("a-1"), SYSTEM)
            await until(lambda: len(bodies(stage)) == 2)
            tick(stage, LI, NOW + HOUR - 1)
            await until(lambda: decided_on(stage, stage.names.person_phones, LI))
            assert len(bodies(stage)) == 2
        tick(stage, LI, NOW + HOUR)
        async with a_worker(stage):
            await until(lambda: len(bodies(stage)) == 3)

    run(work)
    first, closed, again = facts(stage)
    assert isinstance(first.body, ReferralOpened)
    assert closed.body == ReferralClosed("a-1")
    assert isinstance(again.body, ReferralOpened)
    assert (again.body.number, again.body.causes) == (2, first.body.causes)
    assert again.at // 1000 == closed.at // 1000 + HOUR
