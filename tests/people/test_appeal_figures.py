"""What is published of appeals and of what is made by hand (rules 16.1 to 16.3, 17.3)."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streams.people.actors import Actor, Role
from streams.people.appeal_figures import Figures, published
from streams.people.appealed import Appeal, AppealUpheld, Matter, Remedy
from streams.people.commands import Recorded
from streams.people.disclosure import K
from streams.people.hand_made import MONDAY, UNSTATED, WEEK, acts
from streams.people.phone_facts import BindingConfirmed
from streams.people.phoneless import NoPhoneProposed, NoPhoneRecorded
from streams.people.said import CorrectionReviewed

NOW = MONDAY + 1000 * WEEK
STAYED, ASKED = Matter("reason", "STAYED", "A"), Matter("contradiction", "STAYED", "A")
RESIDENT, OFFICER = Actor("r", Role.RESIDENT), Actor("o", Role.OFFICER, "county")
CLONED = Remedy("cloned", "00" * 16)


def appeal(
    number: int, matter: Matter, *, decided: bool = False, upheld: bool = False, due: int = NOW
) -> Appeal:
    at, remedy = (NOW - 60 if decided or upheld else None), CLONED if upheld else None
    return Appeal(f"appeal-{number}", matter, "self", RESIDENT, NOW - 3600, due, None, remedy, at)


def test_appeals_and_the_share_upheld_are_published_by_rule_and_small_numbers_not() -> None:
    many = [appeal(number, STAYED, upheld=number < 31, decided=number < 62) for number in range(80)]
    few = [appeal(number, ASKED, decided=True) for number in range(14)]
    assert published(many + few, NOW).rules == (Figures("5.1", 75, 60, 30, 50),)


def test_a_rule_that_few_contest_is_not_listed_for_that_would_tell_of_one_person() -> None:
    few = [appeal(number, ASKED, upheld=True) for number in range(K - 1)]
    assert [published(few[:number], NOW).rules for number in range(K)] == [()] * K
    assert published([*few, appeal(K, ASKED)], NOW).rules == (Figures("11.2", K, None, None, None),)


def test_overdue_appeals_are_counted_by_the_datas_time_and_a_decided_one_is_not() -> None:
    late = [appeal(number, STAYED, due=NOW - 1) for number in range(16)]
    late += [appeal(number, STAYED, due=NOW - 1, decided=True) for number in range(20)]
    in_time = [appeal(number, STAYED) for number in range(40)]
    assert published(late + in_time, NOW).overdue == 15
    assert published(late[:14], NOW).overdue is None
    assert published(late + in_time, NOW + 1).overdue == 45


def upheld(ground: Any, **more: Any) -> AppealUpheld:
    fields = {"phone": "", "hex": None, "from_": None, "until": None, "declared": None} | more
    return AppealUpheld("appeal-1", ground, ticket="T-1", proposed_by="city", **fields)


def act(body: Any, week: int = 1, office: str | None = "county", role: Role = Role.OFFICER) -> Recorded[Any]:
    return Recorded("p", 1, "c", Actor("o", role, office), (NOW - week * WEEK) * 1000, body)


BINDING = BindingConfirmed(bytes(16), 0, 0, "document_seen", "T-1")
REVIEWED = CorrectionReviewed(2, "T-1", confirmed=True)


def test_what_is_made_by_hand_counts_once_by_kind_under_the_office_that_completed_it() -> None:
    facts = [
        *[act(BINDING)] * 15,
        *[act(upheld("not_my_phone", phone="00" * 16))] * 2,
        *[act(NoPhoneRecorded(), office=None, role=Role.COMMUNITY)] * 15,
        *[act(NoPhoneProposed())] * 40,
        *[act(upheld("tower_misplaced", hex=1))] * 8,
        *[act(upheld("cloned", phone="00" * 16))] * 8,
        *[act(REVIEWED)] * 9,
        *[act(upheld("declaration_mistaken", declared=2))] * 7,
        *[act(REVIEWED, role=Role.OPERATOR)] * 30,
        *[act(CorrectionReviewed(2, "T-1", confirmed=False))] * 30,
    ]
    found = [(one.kind, one.offices, one.count) for one in acts(facts, NOW)]
    assert found == [
        ("bindings", ("county",), 17),
        ("no_phone", (UNSTATED,), 15),
        ("exclusions", ("county",), 16),
        ("corrections", ("county",), 16),
    ]
    assert {(one.from_, one.until) for one in acts(facts, NOW)} == {(NOW - WEEK, NOW)}


def test_a_small_office_waits_for_others_or_for_later_weeks_and_the_week_that_runs_is_left_out() -> None:
    quiet = [act(BINDING, week, "lane-7") for week in (9, 8, 7) for _ in range(4)]
    assert acts(quiet, NOW) == ()
    [summed] = acts([*quiet, *[act(BINDING, 6, "lane-8")] * 3], NOW)
    assert (summed.offices, summed.count) == (("lane-7", "lane-8"), 15)
    assert (summed.from_, summed.until) == (NOW - 9 * WEEK, NOW - 5 * WEEK)
    assert acts([act(BINDING, 0)] * 40, NOW + 60) == ()


def test_an_erasure_can_be_read_off_two_publications_as_the_page_on_disclosure_says() -> None:
    facts = [act(BINDING)] * 16
    counts = [[one.count for one in acts(facts[erased:], NOW)] for erased in range(3)]
    assert counts == [[16], [15], []]


@given(
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(("a", "b", "c"))), max_size=120), st.integers(0, 6)
)
def test_no_act_is_counted_twice_no_sum_is_small_and_none_changes_later(
    made: list[tuple[int, str]], later: int
) -> None:
    facts = [act(BINDING, week, office) for week, office in made]
    before, after = acts(facts, NOW - later * WEEK), acts(facts, NOW)
    assert after[: len(before)] == before
    assert all(one.count >= K for one in after)
    done = Counter(office for week, office in made if week)
    assert sum(one.count for one in after) <= done.total()
    left = done.total() - sum(one.count for one in after)
    assert left < K
