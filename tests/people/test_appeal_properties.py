"""Whatever is asked: no appeal is upheld but by two officers who have no part in it (rule 16.2)."""

from __future__ import annotations

from random import Random
from typing import Any, Final

from hypothesis import event, given, settings

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.appealed import AppealOpened, AppealRejected, AppealUpheld, UpholdProposed
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold, RejectAppeal
from streams.people.bindings import Binding
from streams.people.commands import Command
from streams.people.phones import Phone, entered
from tests.people.appeal_desk import Desk
from tests.people.gate_course import DAY, FIRST
from tests.properties.seeds import HISTORIES, seeds
from tests.scenarios import places

LI, PHONE = bytes((1, *[0] * 15)), bytes((2, *[0] * 15))
STAY = Reason("STAYED", "A", 1, FIRST + DAY, FIRST + 2 * DAY, 1440)
PASSED = Reason("PASSED_THROUGH", "B", 1, FIRST + DAY, FIRST + 2 * DAY, 60)
APPELLANTS: Final = (Actor(LI.hex(), Role.RESIDENT), Actor("ma", Role.COMMUNITY, "lane-7"))
OFFICERS: Final = tuple(Actor(name, Role.OFFICER, "county") for name in ("ma", "wang", "zhao"))
OTHERS: Final = (Actor("wang", Role.COMMUNITY, "lane-7"), Actor("keeper", Role.GATE))
REMEDIES: Final[tuple[dict[str, Any], ...]] = (
    {"ground": "cloned", "phone": PHONE.hex()},
    {"ground": "boundary", "phone": PHONE.hex(), "from_": FIRST, "until": FIRST + 2 * DAY},
    {"ground": "not_my_phone", "phone": PHONE.hex()},
    {"ground": "tower_misplaced", "hex": places.cell("middle"), "until": FIRST + 2 * DAY},
    {"ground": "kindness", "phone": PHONE.hex()},
)
STEPS: Final = 14


def desk() -> Desk:
    made = Desk()
    made.phones[PHONE] = entered(Phone(), Binding(PHONE, 1, LI, "mobile", FIRST))
    made.seen[PHONE] = (STAY, PASSED)
    return made


def asked(random: Random, made: Desk) -> tuple[Actor, Any]:
    """Return who asks for what next: mostly something that may be done, now and then not."""
    every = made.of("appeals", LI.hex()).every
    if not every or random.random() < 0.1:
        matter = random.choice((("STAYED", "A"), ("PASSED_THROUGH", "B"), ("STAYED", "B")))
        return random.choice((*APPELLANTS, *OTHERS)), OpenAppeal("reason", *matter)
    one = random.choice(every)
    known = 0 if one.proposal is None else one.proposal.version
    body: Any = random.choices(
        (
            ProposeUphold(one.name, ticket="T-1", **random.choice(REMEDIES)),
            ConfirmUphold(one.name, random.choice((known, known, known, 2, 3))),
            RejectAppeal(one.name, "no", "T-1"),
        ),
        (5, 6, 1),
    )[0]
    return random.choice(OFFICERS * 3 + APPELLANTS + OTHERS), body


@settings(max_examples=max(HISTORIES // 4, 1), deadline=None)
@given(seeds)
def test_only_two_officers_who_did_not_appeal_uphold_anything(seed: int) -> None:
    made, random = desk(), Random(seed)
    for number in range(STEPS):
        actor, body = asked(random, made)
        at = (FIRST + 5 * DAY + number) * 1000
        made.deliver(Command(f"c-{number}", LI.hex(), actor, at, body))
    facts = [one for one in made.facts if one.aggregate == LI.hex()]
    opened = {one.body.appeal: one for one in facts if isinstance(one.body, AppealOpened)}
    upheld = [one for one in facts if isinstance(one.body, AppealUpheld)]
    event(f"{len(upheld)} upheld")
    for one in upheld:
        before = [each for each in facts if each.version < one.version]
        proposals = [each for each in before if isinstance(each.body, UpholdProposed)]
        proposed = [each for each in proposals if each.body.appeal == one.body.appeal][-1]
        assert proposed.body.ground == one.body.ground
        assert {proposed.actor.role, one.actor.role} == {Role.OFFICER}
        assert len({proposed.actor.id, one.actor.id, opened[one.body.appeal].actor.id}) == 3
    decided = [one.body.appeal for one in facts if isinstance(one.body, AppealUpheld | AppealRejected)]
    assert len(decided) == len(set(decided))
    assert set(decided) <= opened.keys()
    striking = {one.body.appeal for one in upheld if one.body.ground != "not_my_phone"}
    assert set(made.exclusions) == striking
    assert len(made.closed) == len(upheld)
