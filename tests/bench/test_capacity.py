"""What is predicted of a window, against windows that are filled; and the bounds of what is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from streams.bench.capacity import Demand, capacity
from streams.bench.diaries import Diaries
from streams.cli.capacity import command
from streams.domain.policy import Deployment, Policy
from streams.window.sizing import size
from streams.window.window import Window

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 16
GIGA = 1_000_000_000

FILLED = """
import sys
from pathlib import Path
from streams.bench.diaries import Diaries
from streams.domain.policy import Deployment, Policy
from streams.window.warm import warm
from streams.window.window import Window

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

warm(Window(Deployment(), Policy()))
window, before = Window(Deployment(), Policy()), resident()
for record in Diaries(int(sys.argv[1]), 16).records():
    window.apply(record, None)
print(window.nbytes(), resident() - before)
"""


def demand(**changed: float) -> Demand:
    asked: dict[str, float] = {
        "phones": 1_000_000,
        "places": 4.0,
        "sightings": 20.0,
        "retention_days": 14,
        "partitions": 16,
        "slot_minutes": 15,
        "hexes": 50_000,
        "rate": 100_000.0,
        "memory": 8 * GIGA,
    }
    return Demand(**(asked | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize("phones", [30_000, 80_000])
def test_a_window_filled_for_sixteen_days_takes_what_was_predicted(phones: int) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FILLED, str(phones)], capture_output=True, text=True, check=True
    )
    held, resident = map(int, done.stdout.split())
    predicted = size(phones, phones * 4, 5_000, 14, 96)
    assert predicted.held * 0.85 <= held <= predicted.held * 1.15
    assert predicted.used * 0.85 <= resident <= predicted.held * 1.15


def test_a_phone_with_four_places_a_day_takes_what_the_window_was_built_for() -> None:
    assert capacity(demand()).bytes_per_phone < 2_500


@given(st.integers(1, 10**7), st.floats(0.1, 50), st.integers(1, 60))
def test_more_of_anything_never_takes_less(phones: int, places: float, days: int) -> None:
    asked = demand(phones=phones, places=places, retention_days=days)
    more = [
        demand(phones=phones * 2, places=places, retention_days=days),
        demand(phones=phones, places=places * 2, retention_days=days),
        demand(phones=phones, places=places, retention_days=days * 2),
    ]
    least = capacity(asked)
    for other in map(capacity, more):
        assert other.checkpoint_bytes >= least.checkpoint_bytes
        assert other.workers >= least.workers
        assert other.journal_bytes >= least.journal_bytes


@given(st.integers(1, 10**8), st.floats(0.5, 200), st.floats(1, 64))
def test_no_worker_is_given_more_than_it_may_take_and_none_is_without_a_partition(
    phones: int, sightings: float, memory: float
) -> None:
    asked = demand(phones=phones, sightings=sightings, memory=memory * GIGA)
    found = capacity(asked)
    assert found.resident_bytes_per_worker <= memory * GIGA
    assert found.workers <= found.partitions_needed
    assert found.sightings_per_s_peak <= found.workers * asked.rate


def test_the_command_prints_every_figure_and_says_them_in_json() -> None:
    words = ["--phones", "1000000", "--partitions", "16"]
    shown = CliRunner().invoke(command, words)
    told = CliRunner().invoke(command, [*words, "--json"])
    assert shown.exit_code == told.exit_code == 0
    found = json.loads(told.output)
    assert found == capacity(demand()).as_json()
    assert len(shown.output.splitlines()) == len(found)


def test_too_little_memory_for_any_worker_is_refused_in_one_line() -> None:
    result = CliRunner().invoke(command, ["--phones", "1", "--memory", "0.2"])
    assert result.exit_code == 2
    assert result.output == "shendeng: --memory: expected at least 0.88, found 0.2\n"


def test_generated_diaries_hold_what_they_say(tmp_path: Path) -> None:
    del tmp_path
    diaries = Diaries(700, 3, places=2, sightings=8, touched=0.5)
    window = Window(Deployment(), Policy())
    count = 0
    for record in diaries.records():
        count += len(record.slots)
        assert (record.slots * 900 == record.clock).all()
        window.apply(record, None)
    assert count == diaries.sighted
    assert window.phones == 700
