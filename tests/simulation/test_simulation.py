"""Thousands of histories of faults, each from one seed, on the product's own code (D4, D5)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation.__main__ import failing, seeds
from tests.simulation.history import run

REPOSITORY = Path(__file__).parent.parent.parent
BY_REFERENCE = range(2_000)
BY_WINDOW = range(10_000, 10_100)


@pytest.mark.parametrize(
    ("chosen", "reference"), [(BY_REFERENCE, True), (BY_WINDOW, False)], ids=["the fold", "the window"]
)
def test_what_is_written_is_what_the_journal_implies_whatever_happens(
    chosen: range, *, reference: bool
) -> None:
    result = failing(chosen, reference=reference)
    assert result is None, (result.seed, result.problems)


def test_the_histories_are_worth_running() -> None:
    results = [run(seed) for seed in range(300)]
    assert sum(result.changes for result in results) > 100
    said = [line for result in results for line in result.lines]
    for what in ("kill", "pause", "cut", "goes on", "session over", "lost produce", "unheard", "ended None"):
        assert any(what in line for line in said), what


def test_a_seed_gives_the_same_history_in_every_process() -> None:
    script = "from tests.simulation.history import run; print([run(seed).digest for seed in range(8)])"
    told = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", script],
            cwd=REPOSITORY,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2")
    ]
    assert told[0] == told[1]


def test_seeds_are_a_count_or_a_range() -> None:
    assert (seeds("3"), seeds("7..9")) == (range(3), range(7, 10))
