"""The packed window and the domain's fold give the same outcomes: change events to the last field."""

from __future__ import annotations

from collections import Counter
from pprint import pformat
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from streams.domain.fold import Fold, Outcome
from streams.window.window import Window
from tests.properties.afterwards import afterwards
from tests.properties.histories import History, history
from tests.properties.newcomers import newcomers
from tests.properties.reach import chain
from tests.properties.residents import residents
from tests.properties.seeds import HISTORIES, PARTITION, patient, seeded, seeds
from tests.properties.smallest import smallest
from tests.properties.town import town

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


def by_the_fold(past: History) -> list[Outcome]:
    fold = Fold(past.deployment, past.policy, past.areas, PARTITION)
    return [fold.apply(record, offset) for offset, record in past.records]


def by_the_window(past: History) -> list[Outcome]:
    window = Window(past.deployment, past.policy, past.areas, PARTITION)
    return [window.apply(record, offset) for offset, record in past.records]


def differ(past: History) -> bool:
    return by_the_fold(past) != by_the_window(past)


@settings(patient, max_examples=HISTORIES)
@given(seeds, st.sampled_from([history, chain, town, afterwards, residents, residents, newcomers]))
def test_the_window_and_the_fold_give_the_same_events(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    past = made_from(seeded(seed))
    if differ(past):
        past = smallest(past, differ)
        note(pformat(past))
        assert by_the_window(past) == by_the_fold(past)


MUST_OCCUR: Final = (
    "red",
    "yellow",
    "green",
    "unknown",
    "STAYED",
    "PASSED_THROUGH",
    "RECENT_ARRIVAL",
    "STALE",
)


@pytest.fixture(scope="module")
def occurred() -> Counter[str]:
    tally: Counter[str] = Counter()
    for seed in range(40):
        for outcome in by_the_fold(town(seeded(seed))):
            for change in outcome.changes:
                tally[change.colour] += 1
                tally.update({reason.code for reason in change.reasons})
    return tally


@pytest.mark.parametrize("what", MUST_OCCUR)
def test_a_town_of_random_days_reaches(what: str, occurred: Counter[str]) -> None:
    assert occurred[what] >= 3
