"""A phone's diary read out of the panes is the fold's, less what rules 3.1 and 3.2 discount."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.fold import Fold
from streams.domain.plausibility import Plausibility
from streams.domain.slots import slot_of
from streams.domain.standing import unstruck
from streams.window.diary import observed
from streams.window.window import Window
from tests.properties.histories import History, history
from tests.properties.seeds import HISTORIES, patient, seeded, seeds
from tests.properties.town import town

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from streams.domain.diary import Marks


def by_the_fold(fold: Fold, phone: bytes) -> dict[int, Marks]:
    """Return the observed slots of the window from the fold's own diary."""
    assert fold.clock is not None
    now = slot_of(fold.clock, fold.rules.policy.slot_minutes)
    left = unstruck(fold.phones[phone].diary.marks, fold.cases.of_phone.get(phone, []), fold.cases.of_hex)
    plausible = Plausibility(fold.rules, left)
    return {
        slot: marks
        for slot in left
        if now - fold.rules.spans.window < slot <= now and (marks := plausible.left(slot))
    }


@settings(patient, max_examples=HISTORIES // 10)
@given(seeds, st.sampled_from([history, town]))
def test_the_diary_read_from_the_panes_is_the_folds(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    past = made_from(seeded(seed))
    fold = Fold(past.deployment, past.policy, past.areas)
    window = Window(past.deployment, past.policy, past.areas)
    for offset, record in past.records:
        fold.apply(record, offset)
        window.apply(record, offset)
    assert observed(window, b"\x09" * 16) == {}
    for phone in fold.phones:
        assert observed(window, phone) == by_the_fold(fold, phone)


def test_a_window_without_a_record_has_no_diary() -> None:
    past = history(seeded(3))
    assert observed(Window(past.deployment, past.policy), b"\x01" * 16) == {}
