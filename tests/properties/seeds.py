"""Seeds from hypothesis, a history and its twists from each, and a failing history made small."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from pprint import pformat
from random import Random
from typing import Final, TypeAlias

from hypothesis import Phase, event, note, settings
from hypothesis import strategies as st

from tests.properties.histories import History
from tests.properties.smallest import smallest

HISTORIES: Final = int(os.environ.get("HISTORIES", "2000"))
PARTITION: Final = 3

patient = settings(deadline=None, print_blob=True, phases=(Phase.reuse, Phase.generate))
seeds = st.integers(min_value=0, max_value=2**62)

Claim: TypeAlias = Callable[[History, Random, "Counter[str]"], None]
"""Asserts something of a history, makes its own choices from the seed, counts what it met."""


def seeded(seed: int) -> Random:
    return Random(seed)


def hold(claim: Claim, past: History, seed: int) -> None:
    """Hold a claim against a history, and if it fails against the smallest one on which it does."""

    def fails(past: History) -> bool:
        try:
            claim(past, seeded(seed), Counter())
        except AssertionError:
            return True
        return False

    tally: Counter[str] = Counter()
    try:
        claim(past, seeded(seed), tally)
    except AssertionError:
        past = smallest(past, fails)
        note(pformat(past))
        claim(past, seeded(seed), Counter())
    for what in sorted(+tally):
        event(what)


def met(claim: Claim, makers: Sequence[Callable[[Random], History]], histories: int) -> Counter[str]:
    """Count in how many histories of fixed seeds, made in turn, a claim met what."""
    found: Counter[str] = Counter()
    for seed in range(histories):
        made_from, tally = makers[seed % len(makers)], Counter[str]()
        claim(made_from(seeded(seed)), seeded(seed), tally)
        found.update((+tally).keys())
    return found
