"""Compiling what ingest calls before there is work, as `streams.window.warm` does for the window."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Final

import numpy as np

from streams import codecs
from streams.agents.sorting import Sorter
from streams.agents.towers import TowerTable
from streams.domain.policy import Policy
from streams.domain.towers import Tower
from streams.kafka.journal import admit

PHONE: Final = bytes(16)


def warm_columns() -> None:
    """Take a sighting all the way from a carrier's bytes to the columns that the window takes."""
    policy, tower = Policy(), Tower("1-1-1-1", 0.05, 0.05)
    towers = TowerTable(policy.resolution, policy.coarse_range_m, lambda *_: None, bytes)
    towers.take(SimpleNamespace(key=tower.id.encode(), value=codecs.encode_tower(tower)))
    event = codecs.encode_event(PHONE, tower.id, 1000)
    batch = codecs.encode_batch(codecs.Events([PHONE], [tower.id], [1000]))
    heard, _ = codecs.hear(codecs.Values.of([event, batch]), codecs.heads_of({}), codecs.decode_events)
    sorter = Sorter(towers, slot_minutes=policy.slot_minutes, max_skew=0, partitions=1)
    for _, value in sorter.records(sorter.sort(heard, np.full(2, 1000)).placed):
        admit(value, 1000, 0, policy.resolution)
