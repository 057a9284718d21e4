"""The roll: whose phone it is, what the last holder keeps, and what evidence finds (rules 10 to 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Reason
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding, Holder, Told
from streams.people.combined import combined
from streams.people.commands import Recorded
from streams.people.contradictions import Contradicted, Published, contradicted
from streams.people.evidence import Document, Evidence, Pass, PhoneAndDigits, facts_of
from streams.people.gate import check
from streams.people.inheritance import ColourWitnessed
from streams.people.person import Scene
from streams.people.phones import Phone, entered, evolve, follows
from streams.people.register import Resident
from streams.people.roll import Roll
from streams.people.said import Declarations, Said
from streams.people.statements import Statement
from streams.people.strictness import GatePolicy
from streams.people.vouched import vouched
from tests.people.gate_course import DAY, FIRST, read_reasons
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.people.sources import Facts

OLD, NEW, CHILD, FATHER = (bytes((1, *[number] * 15)) for number in range(4))
PHONE, OTHER = bytes((1, *[7] * 15)), bytes((1, *[8] * 15))
NOW = FIRST + 12 * DAY
STAY = read_reasons("STAYED A from day 4 to day 6")
CLEAR = (Reason("CLEAR"),)
AREA = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), FIRST)
SCENE = Scene({"A": AREA}, {"A": prepared(AREA, Policy())}, Policy())
PUBLISHED = {"A": Published(SCENE.areas["A"], FIRST)}


def a_roll(scene: Scene = SCENE, declared: dict[bytes, Declarations] | None = None) -> Roll:
    return Roll(lambda: scene, lambda person: (declared or {}).get(person, Declarations()), lambda _: False)


def binding(person: bytes | None, version: int, day: int, check_value: int | None = None) -> Binding:
    return Binding(PHONE, version, person, "mobile", FIRST + (day - 1) * DAY, check=check_value)


def colour_of(reasons: tuple[Reason, ...], sequence: int = 1) -> ColourWitnessed:
    if reasons == CLEAR:
        return ColourWitnessed(sequence, "green", reasons, FIRST + 10 * DAY, None)
    return ColourWitnessed(sequence, "red", reasons, FIRST + 5 * DAY, NOW + DAY)


def say(roll: Roll, phone: bytes, state: Phone, colour: ColourWitnessed | None = None) -> None:
    """Tell the roll what a phone says, as its desk does: whoever ceases to hold it is followed first."""
    for number, body in enumerate(follows(phone, state, colour), 1):
        state = evolve(state, Recorded(phone.hex(), number, "", Actor("mobile", Role.CARRIER), 0, body))
    said = vouched(phone, state, colour)
    for gone in set(roll.holders.get(phone, ())) - said.keys():
        roll.leave(gone, phone)
    for one in said.values():
        roll.vouch(one)


def facts(roll: Roll, person: bytes, now: int = NOW) -> Facts:
    found = roll.facts(person, now)
    assert found is not None
    return found


def colour(roll: Roll, person: bytes, now: int = NOW) -> str:
    return combined(facts(roll, person, now), now, signal_required=True).colour


def recycled(scene: Scene = SCENE, declared: dict[bytes, Declarations] | None = None) -> Roll:
    """A red phone given up on day 8 and somebody else's from day 10; the engine has struck the old diary."""
    roll, phone = a_roll(scene, declared), Phone()
    for one in (binding(OLD, 1, 1), binding(None, 2, 8), binding(NEW, 3, 10)):
        phone = entered(phone, one)
    phone = replace(phone, witnessed=(colour_of(STAY),))
    say(roll, PHONE, phone, colour_of(CLEAR, 2))
    return roll


def test_who_gives_a_red_phone_away_stays_red_and_who_gets_it_is_not() -> None:
    roll = recycled()
    assert colour(roll, OLD) == "red"
    assert colour(roll, NEW) == "green"
    assert colour(roll, OLD, NOW + DAY) == "unknown"


def test_whose_binding_has_run_out_keeps_the_red_though_nobody_has_told_of_them_since() -> None:
    roll = a_roll()
    phone = entered(Phone(), replace(binding(OLD, 1, 1), until=FIRST + 8 * DAY))
    say(roll, PHONE, phone, colour_of(STAY))
    assert roll.holder_of_phone(PHONE, FIRST + 8 * DAY - 1) == OLD
    assert roll.holder_of_phone(PHONE, FIRST + 8 * DAY) is None
    assert colour(roll, OLD) == "red"


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (Scene({"A": replace(AREA, version=2, withdrawn=True)}, {}, Policy()), "unknown"),
        (replace(SCENE, versions={"A": replace(AREA, version=2, from_=NOW)}), "unknown"),
        (replace(SCENE, policy=replace(Policy(), window_days=5)), "unknown"),
        (replace(SCENE, policy=replace(Policy(), stay_minutes=3000)), "yellow"),
    ],
)
def test_what_was_kept_ends_at_a_gate_as_everywhere(scene: Scene, expected: str) -> None:
    """An area withdrawn or amended to other days, a shorter window, a longer stay (rule 10.2)."""
    assert colour(recycled(scene), OLD) == expected


def test_what_a_phone_said_before_counts_no_more() -> None:
    roll = a_roll()
    say(roll, PHONE, entered(Phone(), binding(OLD, 1, 1)), colour_of(STAY))
    assert colour(roll, OLD) == "red"
    say(roll, PHONE, entered(Phone(), binding(OLD, 1, 1)), colour_of(CLEAR, 2))
    assert colour(roll, OLD) == "green"
    roll.leave(OLD, PHONE)
    assert roll.facts(OLD, NOW) is None
    assert (roll.phones, roll.holders) == ({}, {})


def test_while_the_word_that_a_phone_has_left_somebody_is_on_its_way_whoever_got_it_holds_it() -> None:
    roll = a_roll()
    say(roll, PHONE, entered(Phone(), binding(OLD, 1, 1)))
    given_up = roll.phones[OLD][0]
    say(roll, PHONE, entered(entered(Phone(), binding(OLD, 1, 1)), binding(NEW, 2, 8)))
    roll.vouch(given_up)
    assert roll.holder_of_phone(PHONE, NOW) == NEW


def test_the_colour_of_a_childs_phone_is_the_childs_not_its_guardians() -> None:
    roll = a_roll()
    holder = Holder(frozenset({CHILD}), manual=True, guardian=FATHER)
    say(roll, PHONE, Phone(by_hand=(Told((0, 1), holder, FIRST),)), colour_of(STAY))
    say(roll, OTHER, entered(Phone(), replace(binding(FATHER, 1, 1), phone=OTHER)), colour_of(CLEAR))
    assert (colour(roll, CHILD), colour(roll, FATHER)) == ("red", "green")
    assert roll.holder_of_phone(PHONE, NOW) == CHILD


def test_of_a_holder_of_two_epochs_the_first_pseudonym_is_named() -> None:
    roll = a_roll()
    say(roll, PHONE, entered(Phone(), replace(binding(NEW, 1, 1), other_person=OLD)))
    assert roll.holder_of_phone(PHONE, NOW) == min(OLD, NEW)


def test_a_binding_by_hand_is_a_lead_until_it_is_confirmed() -> None:
    roll = a_roll()
    holder = Holder(frozenset({OLD}), manual=True, lead=True)
    say(roll, PHONE, Phone(by_hand=(Told((0, 1), holder, FIRST),)), colour_of(STAY))
    assert check("document", facts(roll, OLD), GatePolicy(), [], NOW).codes == ("STAYED", "LEAD")


def test_a_red_that_a_human_has_found_confirmed_holds_and_any_other_is_a_lead() -> None:
    roll = recycled()
    assert check("document", facts(roll, OLD), GatePolicy(), [], NOW).decision == "ask"
    roll.confirmed = lambda person: frozenset({("STAYED", "A")} if person == OLD else ())
    assert check("document", facts(roll, OLD), GatePolicy(), [], NOW).decision == "hold"


def known_by_digits() -> Roll:
    roll = a_roll()
    say(roll, PHONE, entered(Phone(), binding(OLD, 1, 1, 17)), colour_of(CLEAR))
    say(roll, OTHER, entered(Phone(), replace(binding(None, 1, 1), phone=OTHER)))
    roll.passes[b"pass"] = OLD
    return roll


@pytest.mark.parametrize(
    "shown", [Pass(b"pass"), Pass(b"pass", "paper_pass"), Document(OLD), PhoneAndDigits(PHONE, 17)]
)
def test_each_kind_of_evidence_finds_its_person(shown: Evidence) -> None:
    found = facts_of(shown, known_by_digits(), NOW)
    assert check(shown.kind, found, GatePolicy(), [], NOW).decision == "pass"


@pytest.mark.parametrize(
    "shown", [PhoneAndDigits(PHONE, 18), PhoneAndDigits(OTHER, 17), PhoneAndDigits(NEW, 17)]
)
def test_wrong_digits_an_unbound_phone_and_an_unknown_one_get_the_same_bytes(shown: Evidence) -> None:
    found = facts_of(shown, known_by_digits(), NOW)
    nobody = check("phone_and_digits", None, GatePolicy(), [], NOW)
    assert check(shown.kind, found, GatePolicy(), [], NOW) == nobody


@pytest.mark.parametrize("shown", [Pass(b"revoked"), Document(NEW)])
def test_a_revoked_pass_and_a_document_nobody_knows_find_nobody(shown: Evidence) -> None:
    assert facts_of(shown, known_by_digits(), NOW) is None


def test_the_registers_check_value_goes_before_a_visitors() -> None:
    roll = known_by_digits()
    assert roll.check_value(OLD) == 17
    roll.register.enter(Resident(OLD, 1, "c-1", "elderly", 18))
    assert roll.check_value(OLD) == 18
    assert roll.check_value(NEW) is None


def test_somebody_only_the_register_knows_is_asked_not_turned_away() -> None:
    roll = a_roll()
    roll.register.enter(Resident(NEW, 1, "c-1", "elderly", 18))
    assert check("document", facts(roll, NEW), GatePolicy(), [], NOW).decision == "ask"
    assert roll.facts(OLD, NOW) is None


def test_what_is_hidden_is_asked_about_beside_the_gate() -> None:
    actor = Actor(OLD.hex(), Role.RESIDENT)
    said = Said(1, FIRST + 9 * DAY, Statement(), "self", actor, "first", None)
    roll = recycled(declared={OLD: Declarations((said,))})
    assert hidden(roll, OLD, NOW) == (Contradicted("STAYED", "A", answered=False),)
    assert hidden(roll, OLD, NOW + DAY) == ()
    assert hidden(roll, NEW, NOW) == ()


def hidden(roll: Roll, person: bytes, now: int) -> tuple[Contradicted, ...]:
    known = roll.person(person)
    whole = combined(known.facts(roll.scene(), now), now, signal_required=True)
    return contradicted(known.declared, whole.reasons(), PUBLISHED, now)
