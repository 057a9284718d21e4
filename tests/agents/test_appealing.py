"""Appeals on a real broker: what two officers decide reaches phones, declarations and colours once (16.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.kafka.looked import texts_of
from streams.people.actors import Actor, Role
from streams.people.appealed import AppealOpened, AppealUpheld, UpholdProposed
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold, RejectAppeal
from streams.people.audit.lookups import Kind, Subject
from streams.people.bindings import Binding
from streams.people.declarations import Declare
from streams.people.manual import ConfirmBinding, ProposeBinding
from streams.people.phone_facts import BindingCorrected
from streams.people.referrals import CloseReferral
from streams.people.said import CorrectionReviewed
from streams.people.statements import Place, Statement
from tests.agents.stage import a_stage, a_worker, run, until
from tests.agents.test_person_colours import (
    DAY,
    LI,
    NOW,
    OTHER,
    PHONE,
    STAY,
    WANG,
    ask,
    at,
    bind,
    buried,
    colours,
    folding,
    named,
    open_up,
    recorded,
    turn,
)
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.domain.records import Exclusion
    from streams.kafka.local import LocalBroker
    from tests.agents.stage import Stage

ONE, TWO = Actor("officer-1", Role.OFFICER, "county"), Actor("officer-2", Role.OFFICER, "city")
SECOND = named(5, 0)
"""Another pseudonym of the phone, in another partition."""
STAYED = Statement((Place((places.cell("middle"),), True, NOW - 3 * DAY, NOW - 2 * DAY),))


async def opened(stage: Stage, name: str) -> str:
    """Return the name of the appeal that a command opened, once it has."""
    await until(lambda: cases(stage, name))
    return cases(stage, name)[0]


def cases(stage: Stage, name: str) -> list[str]:
    found = [codecs.decode_recorded(one.value) for one in stage.read(stage.names.appeals)]
    return [one.body.appeal for one in found if one.command == name]


def facts(stage: Stage) -> list[Any]:
    return recorded(stage, stage.names.appeals)


def exclusions(stage: Stage) -> list[Exclusion]:
    return [codecs.decode_exclusion(one.value) for one in stage.read(stage.names.exclusions)]


def test_an_exclusion_is_entered_for_both_pseudonyms_and_for_one_that_comes_later_too(
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
            ask(stage, "c-1", LI, OpenAppeal("reason", "STAYED", "A", PHONE.hex()))
            case = await opened(stage, "c-1")
            uphold = ProposeUphold(case, "cloned", "T-1", PHONE.hex(), None, NOW - 3 * DAY)
            ask(stage, "c-2", LI, uphold, ONE)
            ask(stage, "c-3", LI, ConfirmUphold(case, 2), ONE)
            ask(stage, "c-4", LI, ConfirmUphold(case, 2), TWO)
            ask(stage, "c-4", LI, ConfirmUphold(case, 2), TWO)
            await until(lambda: exclusions(stage))
        rotated = Binding(PHONE, 2, LI, "mobile", NOW - 10 * DAY, other_phone=SECOND, check=7)
        key = codecs.version_key(PHONE.hex(), 2)
        async with a_worker(stage):
            stage.send(stage.names.identity_bindings, [(key, codecs.encode_binding(rotated))], at(PHONE))
            await until(lambda: len(exclusions(stage)) == 2)

    run(work)
    assert [type(one) for one in facts(stage)] == [AppealOpened, UpholdProposed, AppealUpheld]
    first, second = exclusions(stage)
    [case] = cases(stage, "c-1")
    assert (first.case, first.version, first.phone, first.at) == (case, 1, PHONE, NOW)
    assert (first.from_, first.until) == (NOW - 3 * DAY, None)
    assert second.case.startswith(f"{case}-")
    assert replace(second, case=first.case, phone=PHONE) == first
    assert second.phone == SECOND
    sent = [codecs.decode_command(one.value).body for one in stage.read(stage.names.commands)]
    assert [one for one in sent if isinstance(one, CloseReferral)] == [CloseReferral(case)]
    assert "same_officer" in buried(stage)
    looks = texts_of(stage.brokers, stage.names.lookups, Subject(Kind.PERSON, LI))
    assert [(one.lookup.denied, one.lookup.actor) for one in looks] == [("same_officer", ONE)]


def test_a_phone_bound_to_the_wrong_person_leaves_them_and_whoever_it_is_bound_to_next_may_hold_it(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            ask(stage, "b-1", PHONE, ProposeBinding(LI, NOW - 10 * DAY, "document_seen", "T-1"), ONE)
            ask(stage, "b-2", PHONE, ConfirmBinding(LI), TWO)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, LI) == ["red"])
            ask(stage, "c-1", LI, OpenAppeal("binding", phone=PHONE.hex()))
            case = await opened(stage, "c-1")
            ask(stage, "c-2", LI, ProposeUphold(case, "not_my_phone", "T-2", PHONE.hex()), ONE)
            ask(stage, "c-3", LI, ConfirmUphold(case, 2), TWO)
            await until(lambda: colours(stage, LI) == ["red", "unknown"])
            ask(stage, "b-3", PHONE, ProposeBinding(WANG, NOW - 10 * DAY, "carrier_paper", "T-3"), ONE)
            ask(stage, "b-4", PHONE, ConfirmBinding(WANG), TWO)
            await until(lambda: colours(stage, WANG) == ["red"])
        async with a_worker(stage):
            bind(stage, OTHER, 1, LI, NOW - DAY)
            turn(stage, OTHER, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, LI) == ["red", "unknown", "red"])

    run(work)
    corrected = [one for one in recorded_of_phones(stage) if isinstance(one, BindingCorrected)]
    assert corrected == [BindingCorrected(LI, 0, cases(stage, "c-1")[0])]
    assert exclusions(stage) == []


def recorded_of_phones(stage: Stage) -> list[Any]:
    values = [one.value for one in stage.read(stage.names.identity_bindings)]
    return [codecs.decode_recorded(value).body for value in values if codecs.is_recorded(value)]


def test_a_correction_is_confirmed_by_an_appeal_and_a_kept_reason_forgotten_at_once_across_a_restart(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix)

    async def work() -> None:
        open_up(stage)
        async with a_worker(stage):
            await until(lambda: folding(stage))
            ask(stage, "c-1", LI, Declare(STAYED))
            ask(stage, "c-2", LI, Declare(Statement()))
            ask(stage, "c-3", LI, OpenAppeal("reason", "STAYED", "A"))
            case = await opened(stage, "c-3")
            ask(stage, "c-4", LI, ProposeUphold(case, "declaration_mistaken", "T-1", declared=2), ONE)
            await until(lambda: len(facts(stage)) == 2)
        async with a_worker(stage):
            ask(stage, "c-5", LI, ConfirmUphold(case, 2), TWO)
            await until(lambda: colours(stage, LI) == ["red", "unknown"])
            bind(stage, PHONE, 1, WANG, NOW - 10 * DAY)
            turn(stage, PHONE, 1, STAY, NOW + 5 * DAY)
            await until(lambda: colours(stage, WANG) == ["red"])
            bind(stage, PHONE, 2, LI, NOW - DAY)
            await until(lambda: colours(stage, WANG) == ["red", "red"])
            ask(stage, "d-1", WANG, OpenAppeal("reason", "STAYED", "A"))
            case = await opened(stage, "d-1")
            ask(stage, "d-2", WANG, RejectAppeal(case, "it was there", "T-1"), ONE)
            ask(stage, "d-3", WANG, OpenAppeal("reason", "STAYED", "A"))
            case = await opened(stage, "d-3")
            span = {"from_": NOW - 4 * DAY, "until": NOW - 2 * DAY}
            uphold = ProposeUphold(case, "boundary", "T-1", PHONE.hex(), **span)
            ask(stage, "d-4", WANG, uphold, ONE)
            ask(stage, "d-5", WANG, ConfirmUphold(case, 4), TWO)
            await until(lambda: colours(stage, WANG) == ["red", "red", "unknown"])

    run(work)
    reviewed = [
        one for one in recorded(stage, stage.names.declarations) if isinstance(one, CorrectionReviewed)
    ]
    assert reviewed == [CorrectionReviewed(2, cases(stage, "c-3")[0], confirmed=True)]
