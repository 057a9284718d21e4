"""What is undone leaves no trace; what comes late holds for the past too (rules 1.5, 2.2, 3.1)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.policy import Deployment
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    TimeAdvanced,
)
from tests.naive.derivation import behind
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import ageing, held, rows_of, said, slot_seconds, started, tell, uncounted
from tests.properties.seeds import HISTORIES, hold, met, patient, seeded, seeds
from tests.properties.world import DAY, HOMES, PHONES, PLACES, SHAPES, START

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from random import Random

    from streams.domain.fold import Fold
    from streams.domain.records import Record
    from tests.properties.histories import History
    from tests.properties.retold import Entry
    from tests.properties.seeds import Claim

some = settings(patient, max_examples=max(HISTORIES // 12, 1))
MAKERS: Final = (history, history, history, chain)
makers = st.sampled_from(MAKERS)


def alike(plain: Fold, other: Fold, entries: Iterable[Entry]) -> None:
    """Two folds hold the same of every phone, and so after every record, until all is out of the window."""
    for entry in [*entries, ageing(plain)]:
        assert held(other) == held(plain)
        assert said(other) == said(plain)
        assert uncounted(tell(other, [entry])) == uncounted(tell(plain, [entry]))


def no_trace(past: History, first: int, random: Random, done: Record, undone: Record) -> Counter[str]:
    """Do it before a record and undo it at once or later; compare with what never saw either."""
    then = random.choice([first, random.randint(first, len(past.records))])
    plain, other = started(past), started(past)
    tell(plain, past.records[:then])
    tell(other, past.records[:first])
    done_by_it = tell(other, [(None, done)])
    between = tell(other, past.records[first:then])
    undone_by_it = tell(other, [(None, undone)])
    alike(plain, other, past.records[then:])
    found = Counter(code for change in undone_by_it for code, _, _ in behind(change.reasons))
    found.update(change.colour for change in undone_by_it)
    found.update({"done": len(done_by_it), "undone": len(undone_by_it)})
    found["events between"] = len(between) if done_by_it else 0
    return found


def for_the_past_too(past: History, first: int, done: Record) -> Counter[str]:
    """Do it before a record; compare with what has seen it from the beginning."""
    plain, other = started(past), started(past)
    tell(plain, [(None, done), *past.records[:first]])
    tell(other, past.records[:first])
    done_by_it = tell(other, [(None, done)])
    alike(plain, other, past.records[first:])
    return Counter(["done"] * bool(done_by_it) + [change.colour for change in done_by_it])


def late(past: History, random: Random) -> int:
    """Return where to begin: rather late, when there is something to be seen."""
    return max(random.randint(0, len(past.records)) for _ in range(2))


def area_of_its_own(random: Random) -> AreaVersion:
    name, shape = random.choice(["A", "z"]), random.choice([*SHAPES["a"], *SHAPES["é"], *HOMES])
    since = random.choice([0, START, START + 2 * DAY])
    until = random.choice([None, None, since + START + DAY])
    return AreaVersion(name, 1, shape, since, until, random.choice([0, 1, 2]))


def case_of_its_own(past: History, first: int, random: Random) -> Exclusion:
    length = slot_seconds(past)
    rows = rows_of(past.records[:first]) or [(PHONES[0], PLACES[0], START // length, False)]
    phone, cell, slot, _ = max(random.choices(rows, k=3), key=lambda row: row[2])
    subject = random.choice([(phone, None), (None, cell)])
    since = random.choice([None, (slot - random.choice([0, 1, 4, 50, 100])) * length])
    return Exclusion("its own", 1, *subject, (slot + random.choice([1, 4, 50])) * length, since)


def an_area(past: History, random: Random, tally: Counter[str]) -> None:
    area = area_of_its_own(random)
    withdrawn = replace(area, version=2, geometry=(), withdrawn=True)
    tally += no_trace(past, late(past, random), random, AreaPublished(0, area), AreaPublished(0, withdrawn))


def an_area_late(past: History, random: Random, tally: Counter[str]) -> None:
    tally += for_the_past_too(past, late(past, random), AreaPublished(0, area_of_its_own(random)))


def an_exclusion(past: History, random: Random, tally: Counter[str]) -> None:
    first = late(past, random)
    case = case_of_its_own(past, first, random)
    withdrawn = replace(case, version=2, withdrawn=True)
    tally += no_trace(past, first, random, Excluded(0, case), Excluded(0, withdrawn))


def an_exclusion_late(past: History, random: Random, tally: Counter[str]) -> None:
    first = late(past, random)
    tally += for_the_past_too(past, first, Excluded(0, case_of_its_own(past, first, random)))


def another_window(past: History, random: Random, tally: Counter[str]) -> None:
    """One window, another, the first again: 14, 7 and 14 days among them. No other policy comes between."""
    past = replace(past, records=tuple(e for e in past.records if not isinstance(e[1], PolicyPublished)))
    days, passed = random.randint(1, past.deployment.retention_days), random.randint(0, 36)
    if random.random() < 0.5:
        policy = replace(past.policy, window_days=14, stale_minutes=14 * 1440)
        past = replace(past, deployment=Deployment(14), policy=policy)
        days, passed = 7, random.randint(0, 240)
    policy, first = past.policy, late(past, random)
    clock = max((record.clock for _, record in past.records[:first]), default=0)
    time = (None, TimeAdvanced(clock + passed * 3600))
    past = replace(past, records=(*past.records[:first], time, *past.records[first:]))
    shorter = {"window_days": days, "min_days": min(policy.min_days, days)}
    back = {"window_days": policy.window_days, "min_days": policy.min_days}
    versions = policy.version + 1, policy.version + 2
    other, again = (PolicyPublished(0, v, to) for v, to in zip(versions, (shorter, back), strict=True))
    found = no_trace(past, first + 1, random, other, again)
    kind = "14, 7, 14" if days == 7 else "shorter" if days < policy.window_days else "longer"
    tally += found + Counter({kind: found["done"]})


@some
@given(seeds, makers)
def test_an_area_published_and_withdrawn_leaves_no_trace(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(an_area, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_an_exclusion_decided_and_withdrawn_leaves_no_trace(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(an_exclusion, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_an_area_published_late_holds_for_the_past_as_if_known_from_the_beginning(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(an_area_late, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_an_exclusion_decided_late_strikes_the_past_as_if_known_from_the_beginning(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(an_exclusion_late, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_a_window_shortened_and_set_back_leaves_no_trace(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(another_window, made_from(seeded(seed)), seed)


MUST_BE_MET: Final[dict[Claim, tuple[str, ...]]] = {
    an_area: ("done", "undone", "events between", "red", "yellow", "green", "unknown", "RECENT_ARRIVAL"),
    an_exclusion: ("done", "undone", "events between", "red", "yellow", "RECENT_ARRIVAL"),
    an_area_late: ("done", "red", "yellow"),
    an_exclusion_late: ("done", "yellow", "green", "unknown"),
    another_window: (
        *("14, 7, 14", "shorter", "longer", "undone", "events between"),
        *("red", "yellow", "green", "RECENT_ARRIVAL"),
    ),
}


@pytest.mark.parametrize("claim", MUST_BE_MET)
def test_the_histories_of_what_is_undone_reach_what_it_speaks_of(claim: Claim) -> None:
    found = met(claim, MAKERS, 240)
    assert [what for what in MUST_BE_MET[claim] if found[what] < 3] == []
