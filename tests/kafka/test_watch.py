"""What the engine does, as its metrics tell it."""

from __future__ import annotations

from streams.kafka.watch import Watch
from streams.metrics import Metrics


def test_the_longest_pause_of_all_checkpoints_is_told() -> None:
    """A whole checkpoint must not be forgotten for a small one after it."""
    metrics = Metrics()
    watch = Watch(metrics, lambda: 0.0)
    for seconds in (0.02, 0.15, 0.01):
        watch.copied(seconds)
    assert metrics.registry.get_sample_value("shendeng_checkpoint_pause_seconds") == 0.15
