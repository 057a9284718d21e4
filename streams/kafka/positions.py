"""How far a journal partition has been folded: a record in `checkpoints`, written with what was emitted (D4).

It is read only after fencing: before, a predecessor could still move it.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from streams.kafka.clients import bounds, read_range
from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from streams.topics import Names


def encode(offset: int) -> bytes:
    """Return a position's value: the offset of the next journal record to fold, 8 bytes big-endian."""
    return offset.to_bytes(8, "big")


def key(partition: int) -> bytes:
    """Return the key under which compaction keeps one position a journal partition."""
    return f"position/{partition}".encode()


async def last(brokers: str, names: Names, partition: int) -> int | None:
    """Return the position of a journal partition as committed last, None where there is none."""
    first, end = (await bounds(brokers, names.checkpoints, [partition]))[partition]
    found: int | None = None
    async for records in read_range(brokers, names.checkpoints, partition, first, end, committed=True):
        for record in records:
            if record.key == key(partition) and record.value is not None:
                found = int.from_bytes(record.value, "big")
    return found


async def read(brokers: str, names: Names, partition: int) -> int | None:
    """Return the position of a journal partition, None where nothing was ever folded and emitted.

    UnusableError where it is missing though something was emitted: that state must not be taken for empty.
    """
    found = await last(brokers, names, partition)
    if found is None and await _emitted(brokers, names, partition):
        raise UnusableError(
            f"{names.checkpoints} holds no position of journal partition {partition}, but "
            f"{names.colour_changes} holds its changes: restore {names.checkpoints}, or begin anew under "
            f"another SHENDENG_TOPIC_PREFIX"
        )
    return found


async def _emitted(brokers: str, names: Names, partition: int) -> bool:
    """Tell whether any change of a partition was ever committed and is still kept."""
    first, end = (await bounds(brokers, names.colour_changes, [partition]))[partition]
    fetched = read_range(brokers, names.colour_changes, partition, first, end, committed=True)
    async with aclosing(fetched):
        async for records in fetched:
            return bool(records)
    return False
