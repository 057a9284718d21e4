"""A purge in its order: topics, stores, keys, a later look, the receipt, the key that signed it."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams import clock
from streams.cli._progress import Progress
from streams.files.doors import replacing
from streams.files.wiping import remove, still_there, wipe
from streams.kafka import admin, purging
from streams.people.codes.published import document_of
from streams.people.receipt import Receipt, sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.cli.purge._plan import Plan
    from streams.settings import Settings

PATIENCE: Final = 120.0
"""Seconds after which what is found is what is left; Kafka deletes files a minute after their topic."""
POLL: Final = 0.5
KEYS: Final = ".keys.json"
"""Behind the receipt's name: the public keys by which it is read."""


def purged(
    plan: Plan,
    settings: Settings,
    brokers: str,
    disks: Sequence[str],
    by: tuple[str, ...],
    receipt: Path,
) -> Receipt:
    """Delete everything of a plan, look for it, write the receipt, and delete the keys that could sign."""
    begun, names = clock.now(), [topic.name for topic in plan.topics]
    with admin.admin(brokers) as client:
        folders = sorted({*purging.log_dirs(client), *disks})
        if names:
            client.delete_topics(names)
        stores = tuple(map(remove, plan.stores))
        for path in plan.secrets:
            wipe(path)
        seen = [folder for folder in folders if Path(folder).is_dir()]

        def left() -> list[str]:
            there = still_there((*plan.stores, *plan.secrets))
            return [*purging.left(client, settings), *purging.on_disk(seen, names), *there]

        found = _settled(left)
    made = Receipt(
        begun,
        settings.sunset_at,
        by,
        brokers,
        settings.topic_prefix,
        plan.topics,
        plan.groups,
        stores,
        plan.keys,
        clock.now(),
        (f"topics and groups at {brokers}", *(_looked(folder) for folder in folders)),
        tuple(found),
        clock.now(),
    )
    with replacing(str(receipt)) as stream:
        stream.write(sealed(made, plan.signing))
    with replacing(f"{receipt}{KEYS}") as stream:
        stream.write(json.dumps(document_of(plan.published), indent=2).encode() + b"\n")
    for path in plan.pass_keys:
        wipe(path)
    return made


def _looked(folder: str) -> str:
    return f"disk {folder}" if Path(folder).is_dir() else f"disk {folder}: {purging.UNKNOWN}"


def _settled(left: Callable[[], list[str]]) -> list[str]:
    """Look until nothing is left, or for as long as there is patience; return what is left."""
    progress, end = Progress(clock.monotonic, shown=sys.stderr.isatty()), clock.monotonic() + PATIENCE
    while (found := left()) and clock.monotonic() < end:
        progress.show_share(1 - (end - clock.monotonic()) / PATIENCE)
        time.sleep(POLL)
    progress.clear()
    return found
