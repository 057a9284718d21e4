"""The domain's fold and the naive derivation, both from the rules' text, give the same events."""

from __future__ import annotations

from collections import Counter
from pprint import pformat
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from streams.domain.fold import Fold
from tests.naive.derivation import derive
from tests.properties.histories import History, history
from tests.properties.reach import chain
from tests.properties.seeds import HISTORIES, PARTITION, patient, seeded, seeds
from tests.properties.smallest import smallest

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from streams.domain.records import ColourChanged

MUST_OCCUR: Final = (
    *("area new", "area amended", "area withdrawn", "area back", "area ignored"),
    *("policy taken", "policy ignored", "policy longer", "policy shorter"),
    *("exclusion new", "exclusion amended", "exclusion withdrawn", "exclusion back", "exclusion ignored"),
    *("struck out by phone", "struck out by hex", "implausible", "too late", "repeated", "clock behind"),
    *(
        "contested in its own slot",
        "contested by its neighbours",
        "forgiven as contested",
        "forgiven as near",
    ),
    *("evidence only", "coarse in a core", "hidden by an adjoining area", "changed at a boundary"),
    *("refused: area without cells", "refused: another subject", "refused: not one subject"),
    *("refused: fixed slot_minutes", "refused: fixed resolution", "refused: fixed coarse_range_m"),
    *("refused: context too short", "refused: window_days", "refused: min_stay_slots"),
    *("refused: sighting ahead", "red", "yellow", "green", "unknown"),
    *("STAYED", "NEAR_BOUNDARY", "PASSED_THROUGH", "RECENT_ARRIVAL"),
    *("NO_SIGNAL", "STALE", "TOO_LITTLE", "CLEAR"),
)


def naive(past: History, tally: Counter[str], *, exhaustive: bool = False) -> list[ColourChanged]:
    return derive(
        past.deployment,
        past.policy,
        past.areas,
        past.records,
        PARTITION,
        tally=tally,
        every_phone_at_every_boundary=exhaustive,
    )


def by_the_fold(past: History) -> tuple[list[ColourChanged], int, int]:
    fold = Fold(past.deployment, past.policy, past.areas, PARTITION)
    outcomes = [fold.apply(record, offset) for offset, record in past.records]
    changes = [change for outcome in outcomes for change in outcome.changes]
    refused = sum(outcome.refused is not None for outcome in outcomes)
    return changes, refused, sum(outcome.too_late for outcome in outcomes)


def by_the_naive_derivation(past: History) -> tuple[list[ColourChanged], int, int]:
    tally: Counter[str] = Counter()
    return naive(past, tally), tally["refused"], tally["too late"]


def differ(past: History) -> bool:
    return by_the_fold(past) != by_the_naive_derivation(past)


def agree(past: History) -> None:
    if differ(past):
        past = smallest(past, differ)
        note(pformat(past))
        assert by_the_fold(past) == by_the_naive_derivation(past)


@settings(patient, max_examples=HISTORIES)
@given(seeds)
def test_the_fold_and_the_naive_derivation_give_the_same_events(seed: int) -> None:
    agree(history(seeded(seed)))


@settings(patient, max_examples=max(HISTORIES // 10, 1))
@given(seeds)
def test_they_agree_where_the_window_hangs_on_the_last_of_its_context(seed: int) -> None:
    agree(chain(seeded(seed)))


@settings(patient, max_examples=max(HISTORIES // 20, 1))
@given(seeds, st.sampled_from([history, chain]))
def test_a_phone_that_neither_loses_a_sighting_nor_becomes_stale_does_not_change_at_a_boundary(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    past = made_from(seeded(seed))
    assert naive(past, Counter()) == naive(past, Counter(), exhaustive=True)


@pytest.fixture(scope="module")
def occurred() -> Counter[str]:
    tally: Counter[str] = Counter()
    for seed in range(400):
        for event in naive(history(seeded(seed)), tally):
            tally[event.colour] += 1
            tally.update({reason.code for reason in event.reasons})
    return tally


@pytest.mark.parametrize("what", MUST_OCCUR)
def test_random_histories_reach(what: str, occurred: Counter[str]) -> None:
    assert occurred[what] >= 3
