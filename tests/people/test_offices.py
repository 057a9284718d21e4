"""Rule 10.4: a community worker acts for the people of their own community, and for visitors."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from streams.people import declarations, passes, phoneless
from streams.people.actors import Actor, Role
from streams.people.aggregates import Rules, decided, nothing_known
from streams.people.codes.limits import Limits
from streams.people.commands import Command, Denied
from streams.people.offices import by_own_office
from streams.people.register import Community, Register, Resident
from streams.people.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.commands import Refused

NOW = 1_793_500_000
LI, VISITOR = bytes([1, 1]) * 8, bytes([1, 2]) * 8
LANE = Community("lane-7", 1, "Lane 7", "county-1", (), ("street-office", "market-office"))
ENTRY = Resident(LI, 1, "lane-7", "60-69", 512)
AGGREGATES: list[tuple[Rules[Any, Any, Any], Any]] = [
    (declarations.rules(lambda: declarations.Around(lambda _, __: (), 8)), declarations.Declare(Statement())),
    (phoneless.rules(lambda _, __: False), phoneless.RecordNoPhone()),
    (passes.rules_of(lambda: bytes(16), Limits), passes.IssuePass()),
]


def register(*entered: Resident | Community) -> Register:
    found = Register()
    for one in entered:
        found.enter(one)
    return found


def worker(office: str | None, role: Role = Role.COMMUNITY) -> Actor:
    return Actor("worker-1", role, office)


def asked(
    found: Register, actor: Actor, rules: Rules[Any, Any, Any], body: Any, person: bytes = LI
) -> Sequence[Any] | Refused:
    rules = by_own_office(rules, found)
    return decided(rules, nothing_known(rules), Command("c", person.hex(), actor, NOW * 1000, body))


def refusal(found: Register, actor: Actor, person: bytes = LI) -> str | None:
    """Return the code by which a worker is denied, None where they may."""
    outcome = asked(found, actor, *AGGREGATES[1], person)
    return outcome.code if isinstance(outcome, Denied) else None


@pytest.mark.parametrize(("rules", "body"), AGGREGATES)
def test_another_communitys_worker_is_denied_whatever_they_ask_for(
    rules: Rules[Any, Any, Any], body: Any
) -> None:
    outcome = asked(register(LANE, ENTRY), worker("lane-8"), rules, body)
    assert isinstance(outcome, Denied)
    assert outcome.code == "other_community"
    for secret in (LI.hex(), "lane-7", "street-office"):
        assert secret not in outcome.told


def test_every_office_of_the_community_serves_its_people() -> None:
    found = register(LANE, ENTRY)
    assert [refusal(found, worker(office)) for office in LANE.offices] == [None, None]
    assert refusal(found, worker("lane-7")) == "other_community"


def test_a_community_that_names_no_office_or_was_not_published_is_its_own() -> None:
    for found in (register(ENTRY), register(ENTRY, replace(LANE, offices=()))):
        assert refusal(found, worker("lane-7")) is None
        assert refusal(found, worker("lane-8")) == "other_community"


def test_a_visitor_and_whose_community_was_withdrawn_are_served_anywhere() -> None:
    found = register(ENTRY, LANE, replace(LANE, version=2, withdrawn=True))
    assert refusal(found, worker("lane-8"), VISITOR) is None
    assert refusal(found, worker("lane-8")) is None
    assert refusal(found, worker(None), VISITOR) == "no_office"


def test_whoever_moves_is_served_where_they_have_moved_to() -> None:
    found = register(LANE, ENTRY, replace(ENTRY, version=2, community="lane-8"))
    assert refusal(found, worker("lane-8")) is None
    assert refusal(found, worker("street-office")) == "other_community"


def test_an_officer_and_the_person_are_bound_to_no_office() -> None:
    found = register(LANE, ENTRY)
    assert refusal(found, worker("county", Role.OFFICER)) is None
    own = asked(found, Actor(LI.hex(), Role.RESIDENT), *AGGREGATES[0])
    assert not isinstance(own, Denied)


def test_what_was_done_before_the_person_moved_is_not_held_against_its_worker() -> None:
    rules, body = AGGREGATES[1]
    rules = by_own_office(rules, register(replace(ENTRY, community="lane-8")))
    known = replace(nothing_known(rules), commands=frozenset({"c-1"}))
    assert decided(rules, known, Command("c-1", LI.hex(), worker("lane-7"), NOW, body)) == ()
