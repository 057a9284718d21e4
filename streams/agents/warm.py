"""Compiling what agents call before there is work, as `streams.window.warm` does for the window."""

from __future__ import annotations

from collections import deque
from types import SimpleNamespace
from typing import Final

import numpy as np

from streams import codecs
from streams.agents.sorting import Sorter
from streams.agents.towers import TowerTable
from streams.domain.policy import Policy
from streams.domain.towers import Tower
from streams.kafka.clients import BATCH_BYTES
from streams.kafka.journal import admit
from streams.kafka.record_batches.filling import filled
from streams.window.changes import CHANGE, REASON, ChangeColumns
from streams.window.naming import names_of

PHONE: Final = bytes(16)


def warm_columns() -> None:
    """Take a sighting from a carrier's bytes to the columns that the window takes, a change into a batch."""
    policy, tower = Policy(), Tower("1-1-1-1", 0.05, 0.05)
    towers = TowerTable(policy.resolution, policy.coarse_range_m, lambda *_: None, bytes)
    towers.take(SimpleNamespace(key=tower.id.encode(), value=codecs.encode_tower(tower)))
    event = codecs.encode_event(PHONE, tower.id, 1000)
    batch = codecs.encode_batch(codecs.Events([PHONE], [tower.id], [1000]))
    heard, _ = codecs.hear(codecs.Values.of([event, batch]), codecs.heads_of({}), codecs.decode_events)
    sorter = Sorter(towers, slot_minutes=policy.slot_minutes, max_skew=0, partitions=1)
    for _, value in sorter.records(sorter.sort(heard, np.full(2, 1000)).placed):
        admit(value, 1000, 0, policy.resolution)
    told = ChangeColumns(np.zeros(1, CHANGE), np.zeros(0, REASON), names_of([]), 0, None)
    written = codecs.written_changes(told, 0, len(told.rows), codecs.change_head())
    deque(filled([written], BATCH_BYTES, 0), maxlen=0)
