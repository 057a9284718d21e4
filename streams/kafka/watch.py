"""What the engine does, put into metrics: nothing counts before it is committed or acknowledged."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from streams.kafka.transactions import Told
from streams.window.changes import Changes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.kafka.transactions import Output
    from streams.metrics import Metrics

DEAD_LETTER = "dead letter"
"""First of an output's `about`: then the reason."""


class Watch:
    """Takes note of transactions, folding and what was written; `now` is wall time in seconds."""

    def __init__(self, metrics: Metrics, now: Callable[[], float]) -> None:
        self._metrics, self._now = metrics, now
        self._pause = 0.0

    def transaction(self, outcome: str) -> None:
        """Count a transaction that ended `committed`, `fenced` or `failed`."""
        self._metrics.transactions.labels(outcome).inc()

    def folded(self, seconds: float) -> None:
        """Note how long a record took."""
        self._metrics.fold_seconds.observe(seconds)

    def rebuilt(self, seconds: float) -> None:
        """Note how long a partition's rebuilding took."""
        self._metrics.recovery_seconds.set(seconds)

    def checkpointed(self, seconds: float) -> None:
        """Note how long a checkpoint took."""
        self._metrics.checkpoint_seconds.set(seconds)

    def copied(self, seconds: float) -> None:
        """Note how long folding stood still for a copy of the state."""
        self._pause = max(self._pause, seconds)
        self._metrics.checkpoint_pause.set(self._pause)

    def buried(self, reason: str) -> None:
        """Count a dead letter."""
        self._metrics.dead_letters.labels(reason).inc()

    def sighted(self, carrier: str, count: int) -> None:
        """Count sightings that entered the journal."""
        self._metrics.sightings.labels(carrier).inc(count)

    def written(self, outputs: Sequence[Output | Told]) -> None:
        """Count what a transaction committed."""
        now, told = self._now(), [output for output in outputs if isinstance(output, Told)]
        for output in outputs:
            if isinstance(output, Told):
                self._metrics.produce_to_change.observe(max(0.0, now - output.append_ms / 1000), len(output))
            elif output.about[:1] == (DEAD_LETTER,):
                self.buried(output.about[1])
        changes = Changes(chain.from_iterable(one.changes.columns for one in told))
        for (colour, reason), count in changes.tally().items():
            self._metrics.changes.labels(colour, reason).inc(count)
