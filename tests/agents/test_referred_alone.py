"""Somebody of whom nothing is left but a referral is still escalated, after a restart too (rule 15.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.people.referred import CausesGone, ReferralEscalated, ReferralOpened
from streams.people.vouched import HeldPhone, PersonPhone
from tests.agents.stage import a_stage, a_worker, run, until
from tests.agents.test_person_colours import DAY, LI, NOW, PHONE, STAY, at, colours, folding, open_up
from tests.agents.test_referring import bodies, decided_on, tick

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

SAID = PersonPhone(LI, PHONE, HeldPhone(NOW - 10 * DAY, None, STAY, NOW, lead=False))


def test_whoever_has_no_phone_any_more_is_escalated_when_due_after_a_restart(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)
    key = codecs.person_phone_key(LI, PHONE)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            stage.send(stage.names.person_phones, [(key, codecs.encode_person_phone(SAID))], at(LI))
            await until(lambda: len(bodies(stage)) == 1)
            stage.send(stage.names.person_phones, [(key, None)], at(LI))
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
