"""What a reader of committed records must not see of a partition: the batches of aborted transactions.

The broker names them with each fetch, by producer and first offset; each ends at that producer's next marker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiokafka.record.control_record import ABORT_MARKER, ControlRecord
from aiokafka.record.default_records import DefaultRecordBatch

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kafka.record_batches.batch import Batch


class Aborted:
    """Follows a fetch from batch to batch; `transactions` are pairs of producer and first offset."""

    def __init__(self, transactions: Iterable[tuple[int, int]] | None) -> None:
        self._coming = sorted(transactions or (), key=lambda one: one[1], reverse=True)
        self._open: set[int] = set()

    def hides(self, data: bytes, batch: Batch) -> bool:
        """Tell whether the next batch belongs to an aborted transaction, or ends one."""
        while self._coming and self._coming[-1][1] <= batch.base:
            self._open.add(self._coming.pop()[0])
        if batch.producer not in self._open:
            return False
        if batch.control and _is_abort(data, batch):
            self._open.discard(batch.producer)
        return batch.transactional


def _is_abort(data: bytes, batch: Batch) -> bool:
    """Tell whether a marker aborts; one whose record was compacted away says nothing."""
    for record in DefaultRecordBatch(data[batch.begin : batch.end]):
        return bool(ControlRecord.parse(record.key or b"") == ABORT_MARKER)
    return False
