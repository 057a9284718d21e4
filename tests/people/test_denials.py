"""Rule 17.1: whoever asks for what is not theirs to ask is recorded; a slip of the pen is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.people import appeals, declarations, manual, passes, phoneless, proxies, upheld
from streams.people.actors import Actor, Role
from streams.people.aggregates import Rules, decided, nothing_known, recorded
from streams.people.audit.denials import denial
from streams.people.audit.lookups import LONGEST, Kind, Subject
from streams.people.codes.limits import Limits
from streams.people.commands import Command, Denied, Refused
from streams.people.said import Declarations
from streams.people.statements import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

NOW = 1_793_500_000
PHONE, LI, WANG = (bytes([1, number]) * 8 for number in (7, 1, 2))
HANDS, DECLARING = manual.PHONES, declarations.rules(lambda: declarations.Around(lambda _, __: (), 8))
NO_PHONE, PAPER = phoneless.rules(lambda _, __: False), passes.rules_of(lambda: bytes(16), Limits)
PROXIES = proxies.rules(lambda: 5)
ONE, TWO = Actor("officer-1", Role.OFFICER, "county"), Actor("officer-2", Role.OFFICER, "county")
WORKER = Actor("worker-1", Role.COMMUNITY, "lane-7")
STRANGER, GATE = Actor(WANG.hex(), Role.RESIDENT), Actor("gate-1", Role.GATE)
PROPOSAL = manual.ProposeBinding(LI, NOW - 60, "document_seen", "T-7")
NOTHING = appeals.Around(Declarations(), frozenset(), frozenset(), 8)
APPEALS = appeals.rules(lambda *_: NOTHING, lambda: bytes(12))
GIVEN = proxies.GiveConsent(LI.hex())


def asked(
    rules: Rules[Any, Any, Any], aggregate: str, *asking: tuple[Actor, Any]
) -> tuple[Command[Any], Sequence[Any] | Refused]:
    """Return the last of several commands, and what came of it."""
    known = nothing_known(rules)
    for number, (actor, body) in enumerate(asking):
        command = Command(f"c-{number}", aggregate, actor, NOW * 1000, body)
        outcome = decided(rules, known, command)
        for fact in () if isinstance(outcome, Refused) else outcome:
            known = recorded(rules, known, fact)
    return command, outcome


PHONES, PERSONS, PROXY = PHONE.hex(), LI.hex(), proxies.PREFIX + WANG.hex()
DENIED = [
    ("same_officer", HANDS, PHONES, [(ONE, PROPOSAL), (ONE, manual.ConfirmBinding(LI))]),
    ("wrong_role", HANDS, PHONES, [(GATE, PROPOSAL)]),
    ("not_the_holder", HANDS, PHONES, [(STRANGER, manual.AgreeToBinding())]),
    ("wrong_role", HANDS, PHONES, [(ONE, upheld.StrikeSightings("appeal-1", NOW, None, None))]),
    ("wrong_role", HANDS, PHONES, [(ONE, upheld.CorrectBinding(LI, "appeal-1"))]),
    ("wrong_role", APPEALS, PERSONS, [(ONE, appeals.OpenAppeal("reason", "STAYED", "A"))]),
    ("no_consent", APPEALS, PERSONS, [(STRANGER, appeals.OpenAppeal("reason", "STAYED", "A"))]),
    ("wrong_role", APPEALS, PERSONS, [(STRANGER, appeals.ConfirmUphold("appeal-1", 2))]),
    ("no_consent", DECLARING, PERSONS, [(STRANGER, declarations.Declare(Statement()))]),
    ("wrong_role", DECLARING, PERSONS, [(STRANGER, declarations.NoteProxy("anybody", acts=True))]),
    ("two_people_needed", NO_PHONE, PERSONS, [(ONE, phoneless.RecordNoPhone())] * 2),
    ("not_the_holder", PAPER, PERSONS, [(STRANGER, passes.IssuePass())]),
    ("not_theirs_to_give", PROXIES, PROXY, [(STRANGER, GIVEN)]),
    (
        "not_theirs_to_withdraw",
        PROXIES,
        proxies.PREFIX + "0" * 32,
        [(STRANGER, proxies.WithdrawConsent(LI.hex()))],
    ),
]


@pytest.mark.parametrize(("code", "rules", "aggregate", "asking"), DENIED)
def test_an_attempt_at_what_is_anothers_to_do_is_a_look_up_that_was_denied(
    code: str, rules: Rules[Any, Any, Any], aggregate: str, asking: list[tuple[Actor, Any]]
) -> None:
    command, outcome = asked(rules, aggregate, *asking)
    assert isinstance(outcome, Denied)
    found = denial(command, outcome, NOW * 1000 + 5)
    subject = Subject(Kind.PHONE, PHONE) if aggregate == PHONES else Subject(Kind.PERSON, LI)
    assert (found.denied, found.actor, found.subject, found.shown) == (code, asking[-1][0], subject, ())
    assert found.purpose == f"command {type(command.body).__name__}"
    assert found.at == NOW * 1000 + 5


@pytest.mark.parametrize(
    ("code", "rules", "aggregate", "asking"),
    [
        ("no_proposal", HANDS, PHONES, [(ONE, manual.ConfirmBinding(LI))]),
        ("unknown_reason", HANDS, PHONES, [(ONE, manual.ProposeBinding(LI, 1, "a favour", "T-1"))]),
        (
            "nothing_to_review",
            DECLARING,
            PERSONS,
            [(ONE, declarations.ReviewCorrection(1, "T", confirmed=True))],
        ),
        ("own_proxy", PROXIES, PROXY, [(STRANGER, proxies.GiveConsent(WANG.hex()))]),
        ("no_consent", PROXIES, PROXY, [(WORKER, proxies.WithdrawConsent(LI.hex()))]),
        ("no_check_value", PAPER, PERSONS, [(WORKER, passes.IssuePass())]),
        ("not_recorded", NO_PHONE, PERSONS, [(ONE, phoneless.RemoveNoPhone())]),
    ],
)
def test_whoever_may_ask_and_asks_amiss_is_not_accused_of_it(
    code: str, rules: Rules[Any, Any, Any], aggregate: str, asking: list[tuple[Actor, Any]]
) -> None:
    _, outcome = asked(rules, aggregate, *asking)
    assert isinstance(outcome, Refused)
    assert not isinstance(outcome, Denied)
    assert outcome.code == code


def test_a_command_on_an_older_version_is_read_again_before_anybody_is_accused() -> None:
    known = nothing_known(HANDS)
    outcome = decided(HANDS, known, Command("c-1", PHONE.hex(), GATE, NOW * 1000, PROPOSAL, 3))
    assert isinstance(outcome, Refused)
    assert (outcome.code, isinstance(outcome, Denied)) == ("version_conflict", False)


@pytest.mark.parametrize(("ticket", "kept"), [("T-9", "T-9"), (" ", None), ("x" * 9000, "x" * 200)])
def test_whatever_ticket_a_denied_command_has_it_can_be_recorded(ticket: str, kept: str | None) -> None:
    body = passes.ReplacePass(bytes(16), ticket)
    found = denial(Command("c", LI.hex(), GATE, NOW, body), Denied("wrong_role", "no"), NOW)
    assert found.ticket == kept
    assert len(found.ticket or "") < LONGEST
