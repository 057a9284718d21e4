"""Declarations in any order and doubled end in the ordered run's state (docs/gate.md has the promise)."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from streams.domain.areas import Area
from streams.domain.policy import Policy
from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, nothing_known, recorded
from streams.people.commands import Command, Recorded, Refused
from streams.people.declarations import Around, Declare, ReviewCorrection, rules
from streams.people.statements import Place, Statement, reasons
from tests.people.gate_course import DAY, FIRST
from tests.people.test_aggregates import OFFICER
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.domain.records import Reason
    from streams.people.aggregates import Known
    from streams.people.said import Declarations

PEOPLE, CORRECTING, MORE = 10_000, 1_500, 500
CELLS = frozenset({places.cell("middle")})
AREAS = [Area("A", 1, CELLS, CELLS, CELLS, CELLS, 0, float("inf"))]
NOWHERE = Statement()
STAYED = Statement((Place(tuple(CELLS), True, FIRST, FIRST + DAY),))
PASSED = Statement((Place(tuple(CELLS), False, FIRST, FIRST + DAY),))
KEPT = {"first", "harsher", "same", "milder"}

Wish = Command[Any]


def judged(statement: Statement, at: int) -> tuple[Reason, ...]:
    return reasons(statement, AREAS, Policy(), at)


RULES = rules(lambda: Around(judged, 8))


def ordered(random: Random) -> list[Wish]:
    """Return who declares, corrects, corrects again, and is reviewed, each made on the version before."""
    names = [f"{number:032x}" for number in range(PEOPLE)]
    wishes = [wish(name, 0, Declare(random.choice((NOWHERE, STAYED, PASSED)))) for name in names]
    correcting = random.sample(names, CORRECTING)
    wishes += [wish(name, 1, Declare(random.choice((NOWHERE, STAYED, PASSED)))) for name in correcting]
    wishes += [wish(name, 2, Declare(random.choice((STAYED, PASSED)))) for name in correcting[:MORE]]
    reviews = [
        wish(name, 2, ReviewCorrection(2, "T-1", confirmed=True), OFFICER) for name in correcting[MORE:]
    ]
    return wishes + reviews


def wish(name: str, version: int, body: Any, actor: Actor | None = None) -> Wish:
    who = actor or Actor(name, Role.RESIDENT)
    return Command(f"{name}-{version}", name, who, (FIRST + (3 + version) * DAY) * 1000, body, version)


def delivered(wishes: list[Wish]) -> tuple[dict[str, Known[Declarations]], list[Recorded[Any]]]:
    """Deliver commands; those that come too early go behind the others, as their senders would do."""
    known: dict[str, Known[Declarations]] = {}
    facts: list[Recorded[Any]] = []
    while wishes:
        early: list[Wish] = []
        for one in wishes:
            state = known.get(one.aggregate, nothing_known(RULES))
            made = decided(RULES, state, one)
            if isinstance(made, Refused):
                if (
                    made.code == "version_conflict"
                    and one.expected is not None
                    and one.expected > state.version
                ):
                    early.append(one)
                continue
            for fact in made:
                state = recorded(RULES, state, fact)
            facts += made
            known[one.aggregate] = state
        if len(early) == len(wishes):
            break
        wishes = early
    return known, facts


def test_commands_that_name_their_version_may_come_in_any_order_and_twice() -> None:
    random = Random(11)
    wishes = ordered(random)
    once, facts = delivered(wishes)
    assert len(wishes) >= 12_000
    effects = [fact.body.effect for fact in facts if hasattr(fact.body, "effect")]
    assert {*effects} == KEPT
    assert effects.count("milder") > 300
    for seed in range(3):
        shuffled = wishes * 2
        Random(seed).shuffle(shuffled)
        assert delivered(shuffled)[0] == once


def test_facts_read_twice_and_mixed_between_people_make_the_same_state() -> None:
    once, facts = delivered(ordered(Random(12)))
    of: dict[str, list[Recorded[Any]]] = {}
    for fact in facts:
        of.setdefault(fact.aggregate, []).append(fact)
    turns = [name for name, several in of.items() for _ in several]
    Random(13).shuffle(turns)
    left = {name: iter(several) for name, several in of.items()}
    mixed = [next(left[name]) for name in turns]
    known: dict[str, Known[Declarations]] = {}
    for fact in mixed + mixed:
        before = known.get(fact.aggregate, nothing_known(RULES))
        known[fact.aggregate] = recorded(RULES, before, fact)
    assert known == once
