"""Appeals in any order and doubled, their effects too, end in the ordered run's state (rules 16.1, 16.2)."""

from __future__ import annotations

from random import Random
from typing import Any, Final

import pytest

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.aggregates import nothing_known, recorded
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold, RejectAppeal
from streams.people.bindings import Binding
from streams.people.commands import Command, Refused
from streams.people.declarations import Declare
from streams.people.phones import Phone, entered
from streams.people.statements import Place, Statement
from tests.people.appeal_desk import Desk, name_of, resident
from tests.people.gate_course import DAY, FIRST
from tests.scenarios import places

PEOPLE: Final = 60
ONE, TWO = Actor("one", Role.OFFICER, "county"), Actor("two", Role.OFFICER, "city")
STAY = Reason("STAYED", "A", 1, FIRST + DAY, FIRST + 2 * DAY, 1440)
MIDDLE = places.cell("middle")
STAYED = Statement((Place((MIDDLE,), True, FIRST + DAY, FIRST + 2 * DAY),))
WAYS: Final = ("phone", "hex", "binding", "correction", "rejected")


def name(number: int, kind: int = 1) -> bytes:
    return bytes((kind,)) + number.to_bytes(15, "big")


def desk() -> Desk:
    """Return everybody with a phone that accuses them; a third of the phones has another pseudonym."""
    made = Desk()
    for number in range(PEOPLE):
        phone, other = name(number, 2), name(number, 3) if number % 3 == 0 else None
        binding = Binding(phone, 1, name(number), "mobile", FIRST, other_phone=other)
        made.phones[phone], made.seen[phone] = entered(Phone(), binding), (STAY,)
    return made


def commands() -> list[Command[Any]]:
    """Return what everybody asks, each command made on the version of its aggregate before it."""
    return [one for number in range(PEOPLE) for one in story(number, WAYS[number % len(WAYS)])]


def story(number: int, way: str) -> list[Command[Any]]:
    person, phone = name(number).hex(), name(number, 2).hex()

    def ask(step: int, actor: Actor, body: Any, expected: int) -> Command[Any]:
        at = (FIRST + (4 + step) * DAY) * 1000
        return Command(f"{person}-{step}", person, actor, at, body, expected)

    def appealed(step: int, **remedy: Any) -> list[Command[Any]]:
        case = name_of(person, f"{person}-{step}")
        first = ask(step, resident(person), OpenAppeal("reason", "STAYED", "A"), 0)
        if not remedy:
            return [first, ask(step + 1, ONE, RejectAppeal(case, "the phone was there", "T-1"), 1)]
        proposed = ask(step + 1, ONE, ProposeUphold(case, ticket="T-1", **remedy), 1)
        return [first, proposed, ask(step + 2, TWO, ConfirmUphold(case, 2), 2)]

    span = {"from_": FIRST, "until": FIRST + 3 * DAY}
    match way:
        case "phone":
            return appealed(0, ground="cloned", phone=phone, **span)
        case "hex":
            return appealed(0, ground="tower_misplaced", hex=MIDDLE, until=FIRST + DAY)
        case "binding":
            return appealed(0, ground="not_my_phone", phone=phone)
        case "correction":
            said = [Declare(STAYED), Declare(Statement())]
            first = [ask(step, resident(person), body, step) for step, body in enumerate(said)]
            return [*first, *appealed(2, ground="declaration_mistaken", declared=2)]
        case _:
            return appealed(0)


def run(random: Random, wishes: list[Command[Any]]) -> Desk:
    """Deliver commands and effects as they come, mixed; what comes too early is sent again, as senders do."""
    made, waiting, stuck = desk(), list(wishes), 0
    while waiting and stuck < len(waiting):
        one = waiting.pop(random.randrange(len(waiting)))
        found, effects = made.decide(one)
        early = isinstance(found, Refused) and (
            found.code != "version_conflict" or one.expected is None or one.expected > version(made, one)
        )
        stuck = stuck + 1 if early else 0
        waiting += [one] * early + effects
    return made


def version(made: Desk, one: Command[Any]) -> int:
    kind = "declarations" if isinstance(one.body, Declare) else "appeals"
    known = made.known.get((kind, one.aggregate))
    return 0 if known is None else known.version


def outcome(made: Desk) -> Any:
    """Return all that can be seen of a run."""
    states = {key: (known.version, known.state) for key, known in made.known.items()}
    return states, made.exclusions, sorted(made.closed)


@pytest.mark.parametrize("seed", range(3))
def test_commands_and_effects_in_any_order_and_twice_end_alike(seed: int) -> None:
    ordered = desk()
    for one in commands():
        assert not isinstance(ordered.deliver(one), Refused), one.body
    assert len(ordered.closed) == PEOPLE * 4 // 5
    assert len(ordered.exclusions) == PEOPLE // 5 * 2 + PEOPLE // 15
    random = Random(seed)
    twice = commands() * 2
    random.shuffle(twice)
    assert outcome(run(random, twice)) == outcome(ordered)


def test_facts_read_twice_and_mixed_make_the_same_appeals() -> None:
    made = desk()
    for one in commands():
        made.deliver(one)
    random, rules = Random(7), made._rules_of("appeals")  # noqa: SLF001 - the desk is this test's own
    facts = [one for one in made.facts if ("appeals", one.aggregate) in made.known and "Appeal" in kind(one)]
    known: dict[str, Any] = {}
    turns = sorted(facts, key=lambda fact: (fact.version, random.random()))
    for fact in turns + turns:
        before = known.get(fact.aggregate, nothing_known(rules))
        known[fact.aggregate] = recorded(rules, before, fact)
    assert known == {who: one for (which, who), one in made.known.items() if which == "appeals"}


def kind(fact: Any) -> str:
    return type(fact.body).__name__.replace("UpholdProposed", "AppealProposed")
