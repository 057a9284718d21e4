"""How far a journal partition has been folded: a record in `checkpoints`, written with what was emitted (D4).

It is read only after fencing: before, a predecessor could still move it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from streams.kafka.store import Store


def encode(offset: int) -> bytes:
    """Return a position's value: the offset of the next journal record to fold, 8 bytes big-endian."""
    return offset.to_bytes(8, "big")


def key(partition: int) -> bytes:
    """Return the key under which compaction keeps one position a journal partition."""
    return f"position/{partition}".encode()


async def last(store: Store) -> int | None:
    """Return the position of a journal partition as committed last, None where there is none."""
    found: int | None = None
    async for records in store.checkpoints():
        for record in records:
            if record.key == key(store.partition) and record.value is not None:
                found = int.from_bytes(record.value, "big")
    return found


async def read(store: Store) -> int | None:
    """Return the position of a journal partition, None where nothing was ever folded and emitted.

    UnusableError where it is missing though something was emitted: that state must not be taken for empty.
    """
    found = await last(store)
    if found is None and await store.emitted():
        names = store.names
        raise UnusableError(
            f"{names.checkpoints} holds no position of journal partition {store.partition}, but "
            f"{names.colour_changes} holds its changes: restore {names.checkpoints}, or begin anew under "
            f"another SHENDENG_TOPIC_PREFIX"
        )
    return found
