"""What `explain` says comes next is what then comes, nothing more being seen (rules 6.4, 6.5 (a))."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.explain import explained
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import ageing, started, tell
from tests.properties.seeds import HISTORIES, hold, met, patient, seeded, seeds

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from tests.properties.histories import History

MAKERS = (history, history, history, chain)


def what_comes(past: History, random: Random, tally: Counter[str]) -> None:
    del random
    fold = started(past)
    tell(fold, past.records)
    if fold.clock is None:
        return
    told = {name: explained(fold, name) for name in fold.phones}
    expected = {
        name: [(at, colour, reasons) for at, colour, reasons in found.ahead]
        for name, found in told.items()
        if found is not None
    }
    tally["a colour grows milder"] += sum(
        colour == "yellow" and found is not None and found.colour == "red"
        for found in told.values()
        if found is not None
        for _, colour, _ in found.ahead
    )
    tally["contested"] += sum(bool(found.contested) for found in told.values() if found is not None)
    came: dict[bytes, list[object]] = {name: [] for name in fold.phones}
    for change in tell(fold, [ageing(fold)]):
        came[change.phone].append((change.effective_at, change.colour, change.reasons))
    assert came == expected


@settings(patient, max_examples=max(HISTORIES // 12, 1))
@given(st.sampled_from(MAKERS), seeds)
def test_what_is_said_to_come_comes(maker: Callable[[Random], History], seed: int) -> None:
    hold(what_comes, maker(seeded(seed)), seed)


def test_the_histories_reach_what_this_is_about() -> None:
    found = met(what_comes, MAKERS, 120)
    assert min(found["a colour grows milder"], found["contested"]) >= 3, found
