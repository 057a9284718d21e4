"""Paper passes: the old man's way to the market, and how a pass stops counting (rules 13.2, 13.3)."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, decided, nothing_known, numbered, recorded, replayed
from streams.people.codes.claims import Colour, Kind
from streams.people.codes.limits import Limits
from streams.people.codes.refusals import Refusal
from streams.people.codes.revocations import list_of, read_list
from streams.people.codes.text import text_of
from streams.people.commands import Command, Recorded, Refused
from streams.people.passes import (
    ASKED,
    TURNED,
    Fact,
    IssuePass,
    Passes,
    PassIssued,
    PassRevoked,
    ReplacePass,
    Standing,
    Wish,
    code_of,
    entered,
    follows,
    rules_of,
    withdrawn,
)
from streams.people.verify import Undone
from tests.people.codes.issuing import CHECK, DIGITS, KEYS, NOW, OURS, checked, holder

if TYPE_CHECKING:
    from collections.abc import Iterable

PERSON, DAUGHTER = "0b" * 16, "0c" * 16
OLD_MAN = Actor(PERSON, Role.RESIDENT)
WORKER = Actor("worker-1", Role.COMMUNITY, "lane-7")
LIMITS = Limits()
GREEN = Standing(Colour.GREEN, CHECK.value(DIGITS), no_phone=True, proxies=frozenset({DAUGHTER}))


class Desk:
    """Where a person's passes are decided, with ids that are drawn 1, 2, 3 …"""

    def __init__(self, standing: Standing = GREEN) -> None:
        numbers = count(1)
        self.rules = rules_of(lambda: next(numbers).to_bytes(16, "big"), lambda: LIMITS)
        self.known: Known[Passes] = nothing_known(self.rules)
        self.facts: list[Recorded[Fact]] = []
        self.at = NOW
        self.stands(standing)

    def stands(self, standing: Standing) -> None:
        self.known = replace(self.known, state=entered(self.known.state, standing))

    def turns(self, colour: Colour) -> list[Fact]:
        """Enter a colour, and record what follows."""
        self.stands(replace(self.known.state.standing, colour=colour))
        bodies: list[Fact] = list(follows(self.known.state))
        for fact in numbered(self.known, PERSON, f"colour/{len(self.facts)}", WORKER, self.at * 1000, bodies):
            self.record(fact)
        return bodies

    def asks(self, body: Wish, actor: Actor = WORKER, command: str = "") -> list[Fact] | Refused:
        wish = Command(command or f"c{len(self.facts)}", PERSON, actor, self.at * 1000, body)
        found = decided(self.rules, self.known, wish)
        if isinstance(found, Refused):
            return found
        for fact in found:
            self.record(fact)
        return [fact.body for fact in found]

    def record(self, fact: Recorded[Fact]) -> None:
        self.facts.append(fact)
        self.known = recorded(self.rules, self.known, fact)

    def issued(self, actor: Actor = WORKER) -> PassIssued:
        found = self.asks(IssuePass(), actor)
        assert isinstance(found, list)
        [one] = found
        assert isinstance(one, PassIssued)
        return one


def ids(found: Iterable[Fact]) -> list[bytes]:
    return [one.pass_id for one in found]


def test_an_old_man_without_a_phone_gets_a_pass_of_his_combined_colour_for_72_hours() -> None:  # rule 13.2
    issued = Desk().issued()
    assert (issued.colour, issued.no_phone, issued.by_proxy) == (Colour.GREEN, True, False)
    assert issued.expires - issued.issued == 72 * 3600
    text = text_of(code_of(issued), OURS)
    for at in (NOW, NOW + 72 * 3600 - 1):
        verdict = checked(text, at, holder=holder())
        assert (verdict.refused, verdict.undone) == (None, (Undone.NO_REVOCATIONS,))
        assert verdict.code is not None
        assert verdict.code.kind is Kind.PAPER


def test_his_daughter_may_fetch_it_for_him_and_the_pass_says_so() -> None:  # rules 11.4, 13.2
    issued = Desk().issued(Actor(DAUGHTER, Role.RESIDENT))
    assert issued.by_proxy
    assert not Desk().issued(OLD_MAN).by_proxy


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor("0d" * 16, Role.RESIDENT), "not_the_holder"),
        (Actor("o", Role.OFFICER), "wrong_role"),
        (Actor("g", Role.GATE), "wrong_role"),
    ],
)
def test_nobody_else_gets_or_revokes_it(actor: Actor, code: str) -> None:  # rule 13.3
    desk = Desk()
    issued = desk.issued()
    for body in (IssuePass(), ReplacePass(issued.pass_id, "T-1")):
        refused = desk.asks(body, actor)
        assert isinstance(refused, Refused)
        assert refused.code == code


@pytest.mark.parametrize("colour", [Colour.YELLOW, Colour.RED])
def test_turning_yellow_or_red_revokes_every_pass(colour: Colour) -> None:  # rule 13.3
    desk = Desk()
    passes = [desk.issued(), desk.issued(OLD_MAN)]
    assert desk.turns(colour) == [PassRevoked(one.pass_id, TURNED) for one in passes]
    assert desk.turns(colour) == []
    text = text_of(code_of(passes[0]), OURS)
    listed = read_list(list_of(withdrawn([desk.known.state], NOW, LIMITS), OURS), KEYS)
    assert checked(text, revocations=listed).refused is Refusal.REVOKED


def test_a_pass_of_the_new_colour_stays_until_the_next_turn() -> None:
    desk = Desk()
    desk.issued()
    desk.turns(Colour.RED)
    red = desk.issued()
    assert red.colour is Colour.RED
    assert desk.turns(Colour.RED) == []
    assert ids(desk.turns(Colour.YELLOW)) == [red.pass_id]


@pytest.mark.parametrize("colour", [Colour.GREEN, Colour.UNKNOWN])
def test_turning_green_or_unknown_revokes_nothing(colour: Colour) -> None:
    desk = Desk(replace(GREEN, colour=Colour.YELLOW))
    desk.issued()
    assert desk.turns(colour) == []


def test_a_lost_pass_is_revoked_at_its_holders_request_and_another_issued_at_once() -> None:  # rule 13.3
    desk = Desk()
    lost = desk.issued()
    desk.at += 3600
    found = desk.asks(ReplacePass(lost.pass_id), OLD_MAN)
    assert isinstance(found, list)
    revoked, new = found
    assert revoked == PassRevoked(lost.pass_id, ASKED)
    assert isinstance(new, PassIssued)
    assert (new.replaces, new.issued, new.expires) == (lost.pass_id, desk.at, desk.at + 72 * 3600)
    assert new.pass_id != lost.pass_id
    assert list(desk.known.state.issued) == [new.pass_id]


def test_a_worker_needs_the_holders_request_in_a_ticket_and_revokes_what_there_is() -> None:  # rule 13.3
    desk = Desk()
    lost = desk.issued()
    for body, code in (
        (ReplacePass(lost.pass_id), "no_ticket"),
        (ReplacePass(lost.pass_id, "  "), "no_ticket"),
        (ReplacePass(bytes(16), "T-1"), "no_such_pass"),
    ):
        refused = desk.asks(body)
        assert isinstance(refused, Refused)
        assert refused.code == code
    assert isinstance(desk.asks(ReplacePass(lost.pass_id, "T-1")), list)
    again = desk.asks(ReplacePass(lost.pass_id, "T-2"))
    assert isinstance(again, Refused)
    assert again.code == "no_such_pass"


def test_a_person_without_a_check_value_gets_no_pass_yet() -> None:
    refused = Desk(Standing(Colour.GREEN)).asks(IssuePass())
    assert isinstance(refused, Refused)
    assert refused.code == "no_check_value"


def test_a_wish_that_comes_twice_gives_one_pass() -> None:
    desk = Desk()
    assert isinstance(desk.asks(IssuePass(), command="same"), list)
    assert desk.asks(IssuePass(), command="same") == []
    assert len(desk.known.state.issued) == 1


def test_an_expired_pass_leaves_the_list_and_then_the_state() -> None:
    desk = Desk()
    desk.issued()
    desk.turns(Colour.RED)
    ends = NOW + 72 * 3600
    for at, length in ((ends, 1), (ends + 119, 1), (ends + 120, 0)):
        assert len(withdrawn([desk.known.state], at, LIMITS).withdrawn) == length
    desk.at = ends + 86_400
    desk.issued()
    assert len(desk.known.state.revoked) == 0
    assert len(desk.known.state.issued) == 1


steps = st.lists(
    st.one_of(st.sampled_from(Colour), st.sampled_from(["issue", "replace", "hour", "day"])), max_size=25
)


@given(steps)
def test_no_pass_milder_than_its_holder_counts_and_the_facts_alone_rebuild_everything(
    what: list[str],
) -> None:
    desk = Desk()
    for step in what:
        match step:
            case "issue":
                desk.issued()
            case "replace":
                for pass_id in list(desk.known.state.issued)[:1]:
                    desk.asks(ReplacePass(pass_id), OLD_MAN)
            case "hour" | "day":
                desk.at += 3600 if step == "hour" else 86_400
            case _:
                desk.turns(Colour(step))
        state = desk.known.state
        bad = {Colour.YELLOW, Colour.RED}
        shown = {one.colour for one in state.issued.values()}
        assert state.standing.colour not in bad or shown <= {state.standing.colour}
        assert not state.issued.keys() & state.revoked.keys()
    rebuilt = replayed(desk.rules, desk.facts)
    assert entered(rebuilt.state, desk.known.state.standing) == desk.known.state
    every = [fact.body.pass_id for fact in desk.facts if isinstance(fact.body, PassIssued)]
    assert len(set(every)) == len(every)
