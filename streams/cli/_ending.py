"""How a command ends when it cannot do what was asked: one line on standard error and a status."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock, settings
from streams.files.unusable import UnusableError as UnusableFileError
from streams.kafka.errors import EngineError, UnusableError
from streams.people.sunset import sunset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

UNUSABLE: Final = 2
SOME: Final = 3
"""Exit status: done, but something was left out or differs."""


@contextmanager
def in_one_line() -> Iterator[None]:
    """Turn what cannot be done into one line and exit status 2."""
    try:
        yield
    except (UnusableFileError, EngineError) as error:
        click.echo(f"shendeng: {error}", err=True)
        sys.exit(UNUSABLE)


def in_operation() -> tuple[Settings, str]:
    """Return the settings and Kafka's address, for what nobody may do after the sunset (rule 19.1)."""
    chosen, brokers = settings_and_brokers()
    refuse_after_sunset(chosen)
    return chosen, brokers


def refuse_after_sunset(chosen: Settings) -> None:
    """Raise UnusableError where the sunset is over."""
    gone = sunset(chosen.sunset_at, clock.now())
    if gone is not None:
        raise UnusableError(gone.told)


def settings_and_brokers() -> tuple[Settings, str]:
    """Return the settings and Kafka's address; UnusableError where none is named."""
    chosen = settings.load(os.environ, Path(settings.FILE))
    if not chosen.kafka_brokers:
        raise UnusableError("no Kafka is named: set SHENDENG_KAFKA_BROKERS=host:port")
    return chosen, chosen.kafka_brokers
