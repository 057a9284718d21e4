"""Seeded rounds of chaos: `python -m tests.chaos ROUNDS SEED`; each kind comes before any comes again."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.chaos.broker import a_disturbed_broker
from tests.chaos.disturbances import ALL, name_of
from tests.chaos.field import a_field
from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    from tests.chaos.field import Field


@dataclass(frozen=True)
class Round:
    """What was done, how many changes were compared afterwards, and how many seconds it took."""

    disturbance: str
    changes: int
    seconds: float


def rounds(folder: Path, count: int, seed: int) -> Iterator[Round]:
    """Run rounds, one after the other, over one stream of sightings; AssertionError where one differs."""
    with a_disturbed_broker(folder / "kafka") as broker, a_field(broker, folder, seed) as field:
        for part, disturbance in zip(field.parts(count), _chosen(field.rnd, count), strict=False):
            begun = time.monotonic()
            changes = field.round(part, disturbance)
            yield Round(name_of(disturbance), changes, time.monotonic() - begun)
        until(field.everything_entered, "every sighting sent stands in the journal")


def _chosen(rnd: Random, count: int) -> Iterator[Callable[[Field], None]]:
    for begin in range(0, count, len(ALL)):
        yield from rnd.sample(ALL, len(ALL))[: count - begin]


def table(found: list[Round]) -> str:
    """Return a Markdown table: rounds and seconds by what was done."""
    rows = ["| disturbance | rounds | seconds a round, median |", "|---|---|---|"]
    for name in sorted({one.disturbance for one in found}):
        seconds = sorted(one.seconds for one in found if one.disturbance == name)
        rows.append(f"| {name} | {len(seconds)} | {seconds[len(seconds) // 2]:.0f} |")
    return "\n".join(rows)
