"""A state put together from a cut journal and the last changes gives the events of one that never stopped."""

from __future__ import annotations

from pprint import pformat
from typing import TYPE_CHECKING

from hypothesis import given, note, settings
from hypothesis import strategies as st

from streams.domain.records import AreaPublished, Excluded, PolicyPublished, TimeAdvanced
from streams.window.recalling import recall
from streams.window.window import Window
from tests.properties.afterwards import afterwards
from tests.properties.histories import History, history
from tests.properties.reach import chain
from tests.properties.seeds import HISTORIES, PARTITION, met, patient, seeded, seeds
from tests.properties.smallest import smallest
from tests.properties.town import town

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from streams.domain.records import Record
    from streams.window.changes import Outcome

DAY = 86_400


def never_stopped(past: History) -> list[Outcome]:
    window = Window(past.deployment, past.policy, past.areas, PARTITION)
    return [window.apply(record, offset) for offset, record in past.records]


def rebuilt(past: History, random: Random, tally: Counter[str] | None = None) -> list[Outcome]:
    """Stop somewhere, forget all but the journal as it is kept, what stood before it and the last changes."""
    window = Window(past.deployment, past.policy, past.areas, PARTITION)
    stop = random.randint(1, len(past.records))
    found = [window.apply(record, offset) for offset, record in past.records[:stop]]
    last = {change.phone: change for outcome in found for change in outcome.changes}
    cut = first_kept(past, stop, window)
    again = Window(past.deployment, past.policy, (), PARTITION)
    for record in [*before(past, cut), *(record for _, record in past.records[cut:stop])]:
        again.apply(record, None)
    if last:
        again.apply(TimeAdvanced(max(change.effective_at for change in last.values())), None)
    assert recall(again, last) == 0
    if tally is not None:
        tally["cut"] += cut > 0
        tally["reasons"] += any(len(change.reasons) > 1 for change in last.values())
    return found + [again.apply(record, offset) for offset, record in past.records[stop:]]


def first_kept(past: History, stop: int, window: Window) -> int:
    """Return the first record that is not older than all that is kept (rule 1.5)."""
    if window.clock is None:
        return 0
    edge = window.clock - (past.deployment.retention_days + 1) * DAY
    cut = 0
    while cut < stop and past.records[cut][1].clock < edge:
        cut += 1
    return cut


def before(past: History, cut: int) -> list[Record]:
    """Return as records what stood in force before record number `cut`."""
    window = Window(past.deployment, past.policy, past.areas, PARTITION)
    for offset, record in past.records[:cut]:
        window.apply(record, offset)
    policy = window.rules.policy
    changed = policy.version > past.policy.version
    return [
        *([PolicyPublished(0, policy.version, policy.thresholds())] if changed else []),
        *(AreaPublished(0, area) for area in window.versions.values()),
        *(Excluded(0, case) for case in window.cases.versions.values()),
    ]


def differ(past: History, seed: int) -> bool:
    return never_stopped(past) != rebuilt(past, seeded(seed))


@settings(patient, max_examples=max(HISTORIES // 8, 1))
@given(seeds, st.sampled_from([history, chain, town, afterwards]))
def test_a_rebuilt_state_gives_the_events_of_one_that_never_stopped(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    past = made_from(seeded(seed))
    if differ(past, seed):
        past = smallest(past, lambda smaller: bool(smaller.records) and differ(smaller, seed))
        note(pformat(past))
        assert rebuilt(past, seeded(seed)) == never_stopped(past)


def test_journals_are_cut_and_reasons_are_recalled() -> None:
    def claim(past: History, random: Random, tally: Counter[str]) -> None:
        rebuilt(past, random, tally)

    found = met(claim, [history, town], 80)
    assert found["cut"] >= 10
    assert found["reasons"] >= 10
