"""What phones say of their holders, and when a person's colour changes by itself (rules 10.2, 12.1, 12.2)."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Reason
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.combined import combined
from streams.people.inheritance import ColourWitnessed
from streams.people.person import Person, Scene
from streams.people.person_colour import PersonColour, changed
from streams.people.phones import Phone, entered
from streams.people.said import Declarations, Said
from streams.people.sources import NO_SIGNAL
from streams.people.statements import Place, Statement
from streams.people.vouched import HeldPhone, KeptReason, PersonPhone, vouched
from tests.properties.seeds import HISTORIES
from tests.scenarios import places

PHONE, LI, WANG = (bytes((1, *[number] * 15)) for number in range(3))
DAY = 86_400
NOW = 1_790_000_100
STAY = Reason("STAYED", "A", 1, NOW - 6 * DAY, NOW - 5 * DAY, 1440)
ARRIVED = Reason("RECENT_ARRIVAL")
RED = ColourWitnessed(1, "red", (STAY, ARRIVED), NOW - 5 * DAY, NOW + 9 * DAY)
AREA = AreaVersion("A", 1, places.geometry(places.AREAS["A"]), NOW - 40 * DAY, NOW)
POLICY = replace(Policy(), jurisdiction=places.geometry(places.AREAS["A"]))
SCENE = Scene({"A": AREA}, {"A": prepared(AREA, POLICY)}, POLICY)


def bound(*told: tuple[bytes | None, int, int | None]) -> Phone:
    """Return a phone bound to persons from and until days before now."""
    phone = Phone()
    for version, (person, since, until) in enumerate(told, 1):
        end = None if until is None else NOW - until * DAY
        one = Binding(PHONE, version, person, "mobile", NOW - since * DAY, end, check=version)
        phone = entered(phone, one)
    return phone


def test_whoever_gets_a_phone_is_not_accused_by_what_is_about_to_be_struck_out() -> None:
    phone = replace(bound((LI, 10, None), (WANG, 1, None)), witnessed=(RED,))
    said = vouched(PHONE, phone, RED)
    assert said[WANG] == PersonPhone(WANG, PHONE, HeldPhone(NOW - DAY, None, NO_SIGNAL, None, False), (), 2)
    assert said[LI].held is None
    assert [one.reason for one in said[LI].kept] == [STAY, ARRIVED]
    later = replace(RED, sequence=2, reasons=(replace(STAY, from_=NOW - DAY),), effective_at=NOW)
    held = vouched(PHONE, phone, later)[WANG].held
    assert held is not None
    assert held.reasons == later.reasons


def test_who_gave_a_phone_up_and_keeps_nothing_is_told_of_no_more_but_an_end_told_ahead_is_theirs() -> None:
    assert vouched(PHONE, bound((LI, 10, None), (None, 1, None)), None) == {}
    held = vouched(PHONE, bound((LI, 10, -1)), RED)[LI].held
    assert held is not None
    assert (held.until, held.reasons) == (NOW + DAY, RED.reasons)


def test_a_colour_is_told_once_and_again_when_a_reason_or_a_lead_changes() -> None:
    def told(last: PersonColour | None, *phones: HeldPhone) -> PersonColour | None:
        known = Person(tuple(PersonPhone(LI, PHONE, one) for one in phones), Declarations())
        return changed(LI, last, combined(known.facts(SCENE, NOW), NOW, signal_required=True), NOW)

    red = HeldPhone(NOW - DAY, None, (STAY,), NOW, lead=True)
    assert told(None) is None
    first = told(None, red)
    assert first is not None
    assert (first.sequence, first.previous, first.colour) == (1, None, "red")
    assert told(first, red, replace(red, reasons=NO_SIGNAL)) is None
    assert told(first, replace(red, since=NOW - 60)) is None
    second = told(first, replace(red, lead=False))
    assert second is not None
    assert (second.sequence, second.previous, second.colour) == (2, "red", "red")
    assert told(second) is not None


times = st.integers(-15 * 96, 4 * 96).map(lambda slots: NOW + slots * 900 + slots % 7)


@st.composite
def persons(draw: st.DrawFn) -> Person:
    """Return somebody with a phone, kept reasons and declarations, of any age."""
    spans = st.tuples(times, st.integers(900, 5 * DAY))
    kept = tuple(
        KeptReason(draw(st.sampled_from([replace(STAY, from_=at, until=at + length), ARRIVED])), end, False)
        for (at, length), end in draw(st.lists(st.tuples(spans, times), max_size=2))
    )
    until = draw(st.none() | times)
    held = HeldPhone(NOW - 20 * DAY, until, (ARRIVED,), NOW - DAY, lead=False)
    said = tuple(
        Said(
            version,
            draw(st.integers(NOW - 15 * DAY, NOW)),
            Statement(
                tuple(
                    Place((places.cell("middle"),), draw(st.booleans()), at, at + length)
                    for at, length in draw(st.lists(spans, max_size=2))
                ),
                draw(st.none() | times),
            ),
            "self",
            Actor(LI.hex(), Role.RESIDENT),
            "first",
            None,
        )
        for version in range(1, draw(st.integers(0, 2)) + 1)
    )
    return Person((PersonPhone(LI, PHONE, draw(st.sampled_from([None, held])), kept),), Declarations(said))


@settings(max_examples=max(HISTORIES // 2, 1), deadline=None)
@given(person=persons(), steps=st.lists(st.integers(1, 20 * DAY), min_size=1, max_size=8))
def test_nothing_changes_by_itself_but_at_the_times_that_were_named(person: Person, steps: list[int]) -> None:
    due = person.due(person.facts(SCENE, NOW), POLICY, NOW)
    end = NOW + 40 * DAY if due is None else due
    assert end > NOW

    def told(now: int) -> PersonColour | None:
        return changed(LI, None, combined(person.facts(SCENE, now), now, signal_required=True), NOW)

    def behind(found: PersonColour | None) -> object:
        if found is None:
            return None
        return found.colour, [(one.origin, [r.code for r in one.reasons]) for one in found.sources]

    for step in (*steps, end - NOW - 1):
        if NOW + step < end:
            assert behind(told(NOW + step)) == behind(told(NOW))
