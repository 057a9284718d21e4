"""The Kafka that the demo plays on: a local one of its own or the user's, and what stays of it at the end.

Without --keep nothing stays: the local data are deleted when the demo ends, and so are the topics it made on
the user's Kafka. With --keep both stay, the local data in a folder that a demo without it never touches.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams import clock
from streams.cli.demo import _kept
from streams.kafka import admin
from streams.kafka.errors import EngineError
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker, answers
from streams.topics import Names, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.cli.demo._kept import Kept
    from streams.settings import Settings

CARRIER: Final = "mobile"
PORT: Final = 9092
"""Where Kafka is looked for by habit; any other if that is taken."""
KEPT_PREFIX: Final = "demo-kept."


@dataclass(frozen=True, slots=True)
class Where:
    """Settings with a Kafka in them whose topics are there, and the city that is kept there, if any."""

    settings: Settings
    told: str
    file: Path
    kept: Kept | None


@dataclass(frozen=True, slots=True)
class Wish:
    """The city that was asked for, and whether it is to stay."""

    phones: int
    seed: int
    keep: bool

    def found(self, file: Path, remedy: str) -> Kept | None:
        """Return what is kept of it, None if nothing is; EngineError if another city is."""
        kept = _kept.read(file) if self.keep else None
        _kept.check(kept, file, self.phones, self.seed, remedy)
        return kept


@contextmanager
def playing_on(chosen: Settings, wish: Wish) -> Iterator[Where]:
    """Yield where to play; EngineError if that is taken, or keeps another city."""
    home = Path(chosen.home)
    (home / "kafka").mkdir(parents=True, exist_ok=True)
    with (_theirs if chosen.kafka_brokers else _local)(chosen, home, wish) as where:
        yield where


@contextmanager
def _local(chosen: Settings, home: Path, wish: Wish) -> Iterator[Where]:
    folder = home / "kafka" / ("demo-kept" if wish.keep else "demo")
    file = folder / "city.json"
    with ExitStack() as stack:
        _alone(stack, home)
        kept = wish.found(file, f"delete {folder}")
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            _port_free(folder)
        java = find_java(os.environ)
        jars = find_jars(home / "kafka", pom())
        if not wish.keep:
            stack.callback(shutil.rmtree, folder / "data", ignore_errors=True)
        broker = stack.enter_context(LocalBroker(folder, jars, java, time.sleep, PORT))
        settings = replace(chosen, kafka_brokers=broker.address, clock="events")
        _topics(settings)
        yield Where(settings, f"local, {broker.address}, {java.source}, data in {folder}", file, kept)


def _alone(stack: ExitStack, home: Path) -> None:
    """Hold the lock of a home for as long as the stack is open."""
    lock = stack.enter_context((home / "kafka" / "demo.lock").open("w"))
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise EngineError(
            f"another demo runs in {home}: end it, or give this one a SHENDENG_HOME of its own"
        ) from None


def _port_free(folder: Path) -> None:
    """Raise EngineError if the port is taken that the Kafka in a folder was made for."""
    address = (folder / "address").read_text().strip()
    if answers(address):
        raise EngineError(f"{address}, where the kept Kafka answers, is taken: end what listens there")


@contextmanager
def _theirs(chosen: Settings, home: Path, wish: Wish) -> Iterator[Where]:
    prefix = chosen.topic_prefix or (KEPT_PREFIX if wish.keep else f"demo-{clock.now()}.")
    settings = replace(chosen, clock="events", topic_prefix=prefix)
    file = home / f"{prefix}city.json"
    kept = wish.found(file, f"delete {file} and the topics, or set another SHENDENG_TOPIC_PREFIX")
    made = _topics(settings)
    try:
        if Names(prefix).journal in made:
            kept = None
        elif kept is None:
            raise EngineError(
                f"topics with the prefix {prefix!r} are there, and no demo's that is kept in {home}: "
                "set another SHENDENG_TOPIC_PREFIX"
            )
        told = f"{chosen.kafka_brokers} (SHENDENG_KAFKA_BROKERS), topics with the prefix {prefix!r}"
        yield Where(settings, told, file, kept)
    finally:
        if not wish.keep:
            file.unlink(missing_ok=True)
        if not wish.keep and made:
            with admin.admin(settings.kafka_brokers) as client:
                client.delete_topics(made)


def _topics(settings: Settings) -> list[str]:
    """Make the topics that are missing; return their names."""
    with admin.admin(settings.kafka_brokers) as client:
        return admin.create(client, topics(settings, [CARRIER]), settings.replication)
