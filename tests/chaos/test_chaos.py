"""Real workers on a real broker, disturbed in mid-stream: `colour-changes` stays what the journal implies.

These rounds run with every test; `make chaos` runs any number of others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.chaos.disturbances import ALL, name_of
from tests.chaos.rounds import rounds

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 10
SEEDS = (5, 6)
"""Two deployments, each on a broker of its own, so that their rounds may run at the same time."""


@pytest.mark.parametrize("seed", SEEDS)
def test_after_each_disturbance_the_changes_are_those_of_the_journal(tmp_path: Path, seed: int) -> None:
    found = list(rounds(tmp_path, ROUNDS, seed))
    assert {one.disturbance for one in found} == {name_of(disturbance) for disturbance in ALL}
    changes = [one.changes for one in found]
    assert changes == sorted(changes)
    assert changes[-1] > 0
