"""What holds of every journal: order, repetition, bytes, the chain of events (rules 6.1, 6.3, 6.5)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.records import Sightings
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import (
    NOTHING_SAID,
    ageing,
    held,
    reordered,
    rows_of,
    said,
    says,
    slot_by_slot,
    started,
    taken,
    tell,
    uncounted,
)
from tests.properties.seeds import HISTORIES, hold, met, patient, seeded, seeds
from tests.properties.written import all_written, written

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from streams.domain.records import ColourChanged
    from tests.properties.histories import History
    from tests.properties.retold import Said
    from tests.properties.seeds import Claim

REPOSITORY: Final = Path(__file__).parents[2]
some = settings(patient, max_examples=max(HISTORIES // 10, 1))
MAKERS: Final = (history, history, history, chain)
makers = st.sampled_from(MAKERS)


def same_in_any_order(past: History, random: Random, tally: Counter[str]) -> None:
    past = taken(past)
    other = reordered(past, random)
    last = max((i for i, (_, r) in enumerate(past.records) if isinstance(r, Sightings)), default=-1) + 1
    one, two = started(past), started(other)
    before = tell(one, past.records[:last]), tell(two, other.records[:last])
    tally["other events on the way"] += uncounted(before[0]) != uncounted(before[1])
    tally["repeated"] += len(rows_of(other.records)) > len(rows_of(past.records))
    for entry in [*past.records[last:], ageing(one)]:
        found = held(one)
        assert found == held(two)
        assert said(one) == said(two) == {name: says(x) for name, x in found.items()}
        tally.update(word for x in found.values() for word in words(says(x)))
        tally.update("discounted by " + rule for x in found.values() for _, _, rule in x.discounted)
        assert uncounted(tell(one, [entry])) == uncounted(tell(two, [entry]))


def words(said: Said) -> list[str]:
    return [said[0], *(code for code, _, _ in said[1])]


def a_chain_of_events(past: History, _: Random, tally: Counter[str]) -> None:
    past = taken(past)
    fold, last = started(past), dict[bytes, "ColourChanged"]()
    for offset, record in slot_by_slot(past):
        step = fold.apply(record, offset).changes
        assert [change.phone for change in step] == sorted({change.phone for change in step})
        tally["several phones in a step"] += len(step) > 1
        for change in step:
            before = last.get(change.phone)
            assert change.sequence == (before.sequence + 1 if before else 1)
            assert change.previous == (before.colour if before else None)
            new, old = says(change), says(before) if before else NOTHING_SAID
            assert new != old
            assert len(new[1]) == len(change.reasons)
            assert (change.valid_until is None) == (change.colour in ("green", "unknown"))
            tally["same colour, other reasons"] += new[0] == old[0]
            tally.update(words(new))
            last[change.phone] = change


def as_if_never_stopped(past: History, random: Random, tally: Counter[str]) -> None:
    """Fold to somewhere, begin again in a fold that has told the same silently, and so on to the end."""
    whole = tell(started(past), past.records)
    parts, stops = [], sorted(random.choices(range(len(past.records) + 1), k=2))
    for first, end in zip([0, *stops], [*stops, len(past.records)], strict=True):
        fold = started(past)
        silent = tell(fold, past.records[:first])
        part = tell(fold, past.records[first:end])
        tally["events before and after a stop"] += bool(silent and part)
        parts += part
    assert parts == whole


def unmoved_by_repeated_records(past: History, random: Random, tally: Counter[str]) -> None:
    """Give records of sightings again, at once or later: no event is theirs, and no other event differs."""
    plain, fold = started(past), started(past)
    for i, entry in enumerate(past.records):
        assert tell(fold, [entry]) == tell(plain, [entry])
        for _, again in random.choices(past.records[: i + 1], k=2):
            if isinstance(again, Sightings):
                tally["given again"] += bool(again.slots)
                assert fold.apply(again, None).changes == []
    found = held(plain)
    assert held(fold) == found
    tally.update(word for x in found.values() for word in words(says(x)))
    age = ageing(plain)
    assert tell(fold, [age]) == tell(plain, [age])


@some
@given(seeds, makers)
def test_any_order_and_repetition_of_the_sightings_gives_the_same_colours_from_then_on(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(same_in_any_order, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_the_events_of_a_phone_form_a_chain_and_those_of_a_step_stand_in_the_order_of_bytes(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(a_chain_of_events, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_a_fold_begun_again_goes_on_as_if_it_had_never_stopped(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(as_if_never_stopped, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_a_record_of_sightings_given_again_changes_nothing(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(unmoved_by_repeated_records, made_from(seeded(seed)), seed)


@some
@given(seeds, makers)
def test_the_same_journal_gives_the_same_bytes(seed: int, made_from: Callable[[Random], History]) -> None:
    past = made_from(seeded(seed))
    assert written(past) == written(past)


def test_processes_that_hash_otherwise_give_the_same_bytes() -> None:
    line = [sys.executable, "-m", "tests.properties.written", "150"]
    outputs = {
        subprocess.run(
            line, env={**os.environ, "PYTHONHASHSEED": at}, cwd=REPOSITORY, check=True, capture_output=True
        ).stdout
        for at in ("0", "1", "2")
    }
    assert outputs == {all_written(range(150))}
    assert all(len(output) > 100_000 for output in outputs)


MUST_BE_MET: Final[dict[Claim, tuple[str, ...]]] = {
    same_in_any_order: (
        *("other events on the way", "repeated", "red", "yellow", "green", "unknown", "RECENT_ARRIVAL"),
        *("discounted by 3.1", "discounted by 3.2"),
    ),
    a_chain_of_events: ("several phones in a step", "same colour, other reasons", "red", "RECENT_ARRIVAL"),
    as_if_never_stopped: ("events before and after a stop",),
    unmoved_by_repeated_records: ("given again", "red", "yellow", "RECENT_ARRIVAL"),
}


@pytest.mark.parametrize("claim", MUST_BE_MET)
def test_the_histories_of_an_invariant_reach_what_it_speaks_of(claim: Claim) -> None:
    found = met(claim, MAKERS, 240)
    assert [what for what in MUST_BE_MET[claim] if found[what] < 3] == []
