"""Verifying what stands on the topic or in an export, with a progress line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from streams import clock
from streams.cli._ending import settings_and_brokers
from streams.cli._progress import Progress
from streams.files.lookups import read_export
from streams.kafka.looked import stood
from streams.kafka.reading import extent
from streams.people.audit.verify import Report, Verifier
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.people.audit.chain import End
    from streams.people.audit.heads import Known
    from streams.people.audit.verify import Stood

MILLISECONDS = 1000


def now_ms() -> int:
    """Return the machine's time in milliseconds."""
    return clock.now() * MILLISECONDS


def report(file: str | None, keys: Known, now: int, vouched: Iterable[End] = ()) -> Report:
    """Verify an export, or the topic where there is none."""
    verifier = Verifier(keys, vouched)
    for one in on_topic() if file is None else read_export(file):
        verifier.take(one)
    return verifier.report(now)


def on_topic() -> Iterator[Stood]:
    """Yield what stands on the topic."""
    settings, brokers = settings_and_brokers()
    topic = Names(settings.topic_prefix).lookups
    _, offsets = extent(brokers, topic)
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    for number, one in enumerate(stood(brokers, topic), 1):
        progress.show_share(number / offsets)
        yield one
    progress.clear()
