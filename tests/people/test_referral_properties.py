"""Whatever happens in whatever order: referrals go forward, are escalated once, then daily (rule 15.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.people.actors import Actor, Role
from streams.people.addresses import ANYWHERE, Address
from streams.people.aggregates import Known, decided, nothing_known, numbered, recorded, replayed
from streams.people.commands import Command, Recorded, Refused
from streams.people.referral import STATES, Referrals
from streams.people.referrals import (
    AcknowledgeReferral,
    CloseReferral,
    RecordContact,
    RecordFinding,
    RecordPlacement,
    rules,
)
from streams.people.referred import (
    Cause,
    CausesAdded,
    ReferralAcknowledged,
    ReferralAddressed,
    ReferralClosed,
    ReferralEscalated,
    ReferralOpened,
)
from streams.people.referring import DAY, HOUR, REFERRING, Seen, escalations, follows, nights
from tests.people.gate_course import FIRST
from tests.properties.seeds import HISTORIES, patient

if TYPE_CHECKING:
    from random import Random

every = settings(patient, max_examples=max(HISTORIES // 4, 1))
PERSON = "01" * 16
OFFICER, SYSTEM = Actor("li", Role.OFFICER, "county"), Actor("appeals", Role.OPERATOR)
ACK_HOURS: Final = 4
A, B = Cause("red", "STAYED", "A"), Cause("red", "STAYED", "B")
ASKED = Cause("contradicted", "STAYED", "A")
RULES = rules(lambda community: (community,))

hours = st.integers(0, 400)
causes = st.sets(st.sampled_from((A, B, ASKED))).map(frozenset)
homes = st.sampled_from((ANYWHERE, Address("lane-7", "county-1", "address")))
wishes = st.sampled_from(
    (
        AcknowledgeReferral(),
        RecordContact("by telephone"),
        RecordPlacement("at home"),
        CloseReferral(),
        CloseReferral("a-1"),
        RecordFinding("STAYED", "A", confirmed=True, ticket="T-1"),
        RecordFinding("STAYED", "A", confirmed=False, ticket="T-2"),
    )
)
looks = st.builds(lambda found, home: ("look", found, home), causes, homes)
happenings = st.lists(
    hours.map(lambda hour: ("time", hour))
    | looks
    | wishes.map(lambda body: ("ask", body))
    | st.integers(1, 40).map(lambda slots: ("nights", Address("lane-8", "county-1", "nights", slots))),
    max_size=30,
)


@dataclass
class Run:
    """A person's referrals as a desk keeps them; time only grows."""

    clock: int = FIRST
    known: Known[Referrals] = field(default_factory=lambda: nothing_known(RULES))
    facts: list[Recorded[Any]] = field(default_factory=list)
    asked: int = 0

    def happen(self, what: tuple[Any, ...]) -> None:
        match what:
            case ("time", hour):
                self.clock = max(self.clock, FIRST + hour * HOUR)
                for due, body in list(escalations(self.known.state.open, self.clock)):
                    self.take([body], due)
            case ("look", found, home):
                colour = "red" if any(one.why == "red" for one in found) else "green"
                now = Seen(colour, found)
                self.take(list(follows(self.known.state, now, home, self.clock, ACK_HOURS)), self.clock)
                assert list(follows(self.known.state, now, home, self.clock, ACK_HOURS)) == []
            case ("nights", found):
                self.take(nights(self.known.state, found), self.clock)
                assert nights(self.known.state, found) == ()
            case ("ask", body):
                actor = SYSTEM if body == CloseReferral("a-1") else OFFICER
                self.asked += 1
                self.ask(Command(f"c-{self.asked}", PERSON, actor, self.clock * 1000, body))

    def ask(self, command: Command[Any]) -> None:
        made = decided(RULES, self.known, command)
        for fact in () if isinstance(made, Refused) else made:
            self.add(fact)

    def take(self, bodies: Any, at: int) -> None:
        for fact in numbered(
            self.known, PERSON, f"f-{self.known.version}", REFERRING, at * 1000, tuple(bodies)
        ):
            self.add(fact)

    def add(self, fact: Recorded[Any]) -> None:
        self.known = recorded(RULES, self.known, fact)
        self.facts.append(fact)


def run(what: list[tuple[Any, ...]]) -> Run:
    found = Run()
    for one in what:
        found.happen(one)
    return found


@every
@given(happenings)
def test_states_only_go_forward_and_a_number_is_given_once(what: list[tuple[Any, ...]]) -> None:
    found, known, reached = Run(), list[tuple[int, int]](), None
    for one in what:
        found.happen(one)
        reached = found.known.state.last
        if reached is not None:
            known.append((reached.number, STATES.index(reached.state)))
            assert [step.state for step in reached.steps] == sorted(
                (step.state for step in reached.steps), key=STATES.index
            )
    assert all(one <= other for one, other in pairwise(known))
    opened = [fact.body.number for fact in found.facts if isinstance(fact.body, ReferralOpened)]
    assert opened == list(range(1, len(opened) + 1))


@every
@given(happenings)
def test_each_time_it_waits_it_is_escalated_when_due_then_daily_and_never_once_taken_on(
    what: list[tuple[Any, ...]],
) -> None:
    found, due, times = run(what), None, 0
    for fact in found.facts:
        at = fact.at // 1000
        match fact.body:
            case ReferralOpened(due=again):
                due, times = again, 0
                assert again == at + ACK_HOURS * HOUR
            case CausesAdded(due=again) | ReferralAddressed(due=again) if again is not None:
                assert due is None
                due, times = again, 0
            case ReferralAcknowledged() | ReferralClosed():
                due = None
            case ReferralEscalated() as body:
                assert due is not None
                assert (at, body.next) == (due + times * DAY, at + DAY)
                times += 1
                assert body.times == times
    last = found.known.state.open
    if due is not None:
        assert last is not None
        assert last.next == due + times * DAY


@every
@given(st.lists(hours, min_size=1), st.randoms(use_true_random=False))
def test_however_time_comes_the_same_escalations_come_of_it(several: list[int], random: Random) -> None:
    red = ("look", frozenset({A}), ANYWHERE)
    shuffled = several * 2
    random.shuffle(shuffled)
    at_once, bit_by_bit = run([red, ("time", max(several))]), run([red, *(("time", one) for one in shuffled)])
    assert at_once.facts == bit_by_bit.facts
    assert sum(isinstance(one.body, ReferralEscalated) for one in at_once.facts) == max(
        0, (max(several) - ACK_HOURS) // 24 + 1
    )


@every
@given(happenings)
def test_facts_alone_read_once_or_twice_make_the_same_referrals(what: list[tuple[Any, ...]]) -> None:
    found = run(what)
    assert replayed(RULES, found.facts) == found.known
    assert replayed(RULES, [*found.facts, *found.facts]) == found.known


@every
@given(happenings)
def test_nobody_is_red_without_a_referral_that_is_open_or_was_closed_over_it(
    what: list[tuple[Any, ...]],
) -> None:
    found, ever = Run(), set[Cause]()
    for one in what:
        found.happen(one)
        state = found.known.state
        ever.update(() if state.last is None else state.last.causes)
        if one[0] == "look" and one[1]:
            assert state.open is not None or one[1] <= ever
        assert state.confirmed() <= {(each.code, each.area) for each in state.standing if each.why == "red"}


@every
@given(happenings)
def test_no_red_that_nobody_has_found_is_without_a_referral_for_longer_than_it_is_said_to(
    what: list[tuple[Any, ...]],
) -> None:
    found = run(what)
    before = found.known.state
    if before.unfound() and before.open is None:
        assert before.last is not None
        assert before.due == before.last.steps[-1].at + HOUR
        found.clock = max(found.clock, before.due)
    found.happen(("look", before.standing, ANYWHERE))
    after = found.known.state
    assert after.open is not None or after.unfound() == ()
    assert after.open is not None or after.due is None
