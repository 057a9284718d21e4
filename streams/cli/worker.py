"""`shendeng worker`: sightings in, colour changes out, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import settings
from streams.app import create
from streams.kafka.errors import EngineError
from streams.metrics import Health

if TYPE_CHECKING:
    from streams.app import App

log = logging.getLogger("shendeng.worker")

STOP_SECONDS: Final = 20.0
"""A stop that takes longer is no stop: the process ends, the broker's timeouts do the rest."""
FAILED: Final = 1
YOUNG, MIDDLE, OLD = 200_000, 50, 1_000
"""Thresholds of the cyclic collector: with the defaults it spends half the time walking fetched records."""


@click.command()
def command() -> None:
    """Run the agents until SIGTERM or Ctrl-C.

    Settings come from SHENDENG_… and shendeng.toml.

    Example: SHENDENG_KAFKA_BROKERS=127.0.0.1:9092 shendeng worker
    """
    chosen = settings.load(os.environ, Path(settings.FILE))
    _log_to_stderr(chosen.log_level)
    try:
        status = asyncio.run(_run(chosen))
    except EngineError as error:
        log.error("%s", error)  # noqa: TRY400 - one line; a traceback tells an operator nothing
        status = FAILED
    raise SystemExit(status)
