"""The roll: whose phone it is, what the last holder keeps, and what evidence finds (rules 10 to 12)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, ColourChanged, Reason
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding, Holder, Told
from streams.people.combined import combined
from streams.people.contradictions import Contradicted, Published
from streams.people.evidence import Document, Evidence, Pass, PhoneAndDigits, facts_of
from streams.people.gate import check
from streams.people.inheritance import ColourWitnessed
from streams.people.phones import Phone, entered
from streams.people.register import Register, Resident
from streams.people.roll import Roll
from streams.people.said import Declarations, Said
from streams.people.statements import Statement
from streams.people.strictness import GatePolicy
from tests.people.gate_course import DAY, FIRST, read_reasons
from tests.scenarios import places

if TYPE_CHECKING:
    from streams.domain.records import Colour
    from streams.people.sources import Facts

OLD, NEW, CHILD, FATHER = (bytes((1, *[number] * 15)) for number in range(4))
PHONE, OTHER = bytes((1, *[7] * 15)), bytes((1, *[8] * 15))
NOW = FIRST + 12 * DAY
STAY = read_reasons("STAYED A from day 4 to day 6")


def area() -> Published:
    version = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), FIRST)
    return Published(prepared(version, Policy()), FIRST)


def a_roll() -> Roll:
    return Roll(Policy(), Register(), {"A": area()})


def binding(person: bytes | None, version: int, day: int, check_value: int | None = None) -> Binding:
    return Binding(PHONE, version, person, "mobile", FIRST + (day - 1) * DAY, check=check_value)


def change(phone: bytes, reasons: tuple[Reason, ...], sequence: int = 1) -> ColourChanged:
    colour: Colour = "green" if reasons == (Reason("CLEAR"),) else "red"
    return ColourChanged(phone, sequence, None, colour, reasons, 0, FIRST + 5 * DAY, NOW + DAY, 0, 0)


def facts(roll: Roll, person: bytes, now: int = NOW) -> Facts:
    found = roll.facts(person, now)
    assert found is not None
    return found


def colour(roll: Roll, person: bytes, now: int = NOW) -> str:
    return combined(facts(roll, person, now), now, signal_required=True).colour


def recycled() -> Roll:
    """A red phone given up on day 8 and somebody else's from day 10; the engine has struck the old diary."""
    roll, phone = a_roll(), Phone()
    for one in (binding(OLD, 1, 1), binding(None, 2, 8), binding(NEW, 3, 10)):
        phone = entered(phone, one)
    phone = replace(phone, witnessed=(ColourWitnessed(1, "red", STAY, FIRST + 5 * DAY, NOW + DAY),))
    roll.bound(PHONE, phone)
    roll.changed(change(PHONE, STAY))
    roll.changed(change(PHONE, (Reason("CLEAR"),), 2))
    return roll


def test_who_gives_a_red_phone_away_stays_red_and_who_gets_it_is_not() -> None:
    roll = recycled()
    assert colour(roll, OLD) == "red"
    assert colour(roll, NEW) == "green"
    assert colour(roll, OLD, NOW + DAY) == "unknown"


def test_whose_binding_has_run_out_keeps_the_red_though_nobody_has_followed_them() -> None:
    roll = a_roll()
    roll.bound(PHONE, entered(Phone(), replace(binding(OLD, 1, 1), until=FIRST + 8 * DAY)))
    roll.changed(change(PHONE, STAY))
    assert colour(roll, OLD) == "red"


def test_a_withdrawn_area_takes_what_was_kept_with_it() -> None:
    roll = recycled()
    del roll.areas["A"]
    assert colour(roll, OLD) == "unknown"


def test_a_change_told_late_does_not_undo_the_later_one() -> None:
    roll = recycled()
    roll.changed(change(PHONE, STAY))
    assert colour(roll, NEW) == "green"


def test_the_colour_of_a_childs_phone_is_the_childs_not_its_guardians() -> None:
    roll = a_roll()
    holder = Holder(frozenset({CHILD}), manual=True, guardian=FATHER)
    roll.bound(PHONE, Phone(by_hand=(Told((0, 1), holder, FIRST),)))
    roll.bound(OTHER, entered(Phone(), replace(binding(FATHER, 1, 1), phone=OTHER)))
    roll.changed(change(PHONE, STAY))
    roll.changed(change(OTHER, (Reason("CLEAR"),)))
    assert (colour(roll, CHILD), colour(roll, FATHER)) == ("red", "green")


def test_a_binding_by_hand_is_a_lead_until_it_is_confirmed() -> None:
    roll = a_roll()
    holder = Holder(frozenset({OLD}), manual=True, lead=True)
    roll.bound(PHONE, Phone(by_hand=(Told((0, 1), holder, FIRST),)))
    roll.changed(change(PHONE, STAY))
    assert check("document", facts(roll, OLD), GatePolicy(), [], NOW).codes == ("STAYED", "LEAD")


def known_by_digits() -> Roll:
    roll = a_roll()
    roll.bound(PHONE, entered(Phone(), binding(OLD, 1, 1, 17)))
    roll.changed(change(PHONE, (Reason("CLEAR"),)))
    roll.bound(OTHER, entered(Phone(), replace(binding(None, 1, 1), phone=OTHER)))
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
    roll = recycled()
    actor = Actor(OLD.hex(), Role.RESIDENT)
    said = Said(1, FIRST + 9 * DAY, Statement(), "self", actor, "first", None)
    roll.declared[OLD] = Declarations((said,))
    assert roll.contradicted(OLD, NOW) == (Contradicted("STAYED", "A", answered=False),)
    assert roll.contradicted(OLD, NOW + DAY) == ()
    assert roll.contradicted(NEW, NOW) == ()
