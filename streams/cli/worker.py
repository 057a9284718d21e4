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

from streams import clock, settings
from streams.app import create
from streams.cli import _logging
from streams.cli._ending import UNUSABLE
from streams.kafka.errors import EngineError, UnusableError
from streams.metrics import Health

if TYPE_CHECKING:
    from streams.app import App
    from streams.settings import Settings

log = logging.getLogger("shendeng.worker")

STOP_SECONDS: Final = 20.0
"""A stop that takes longer is none: the process ends, and what it had not committed is done again."""
FAILED: Final = 1
YOUNG, MIDDLE, OLD = 20_000, 50, 1_000
"""Thresholds of the cyclic collector: with the defaults a worker fed single events takes a tenth more CPU.

What is young is walked, and what is garbage of it freed, in one go: 15 ms; of 200,000 it was 135 ms.
"""


@click.command(epilog="\b\nExample:\n  SHENDENG_KAFKA_BROKERS=127.0.0.1:9092 shendeng worker")
def command() -> None:
    """Run the agents until SIGTERM or Ctrl-C.

    Settings come from SHENDENG_… in the environment and from shendeng.toml.
    """
    chosen = settings.load(os.environ, Path(settings.FILE))
    try:
        _logging.begin(chosen.log_level, clock.monotonic)
    except ValueError:
        raise settings.SettingsError(f"setting 'log_level': unknown level {chosen.log_level!r}") from None
    asyncio.run(_worker(chosen))


async def _worker(chosen: Settings) -> None:
    """Run until told to stop; after a fault end at once, threads and connections with it (crash-only)."""
    fault = await _until_over(chosen)
    if fault is not None:
        log.error("ends: %s", _told(fault))
        logging.shutdown()
        os._exit(UNUSABLE if isinstance(fault, UnusableError) else FAILED)


async def _until_over(chosen: Settings) -> BaseException | None:
    """Run until told to stop; return what ended it if that was something else."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        app = create(chosen, _brokers(chosen))
        health = Health(app.engine.metrics, app.engine.ready, app.engine.refresh)
        port = await health.start(chosen.metrics_host, chosen.metrics_port)
    except (EngineError, OSError) as error:
        return error
    log.info("metrics at http://%s:%d/metrics", chosen.metrics_host, port)
    running = asyncio.create_task(_run(app))
    fault = await _first(app, running, stop)
    if fault is None:
        fault = await _stop(app, running)
    return fault


async def _run(app: App) -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    await app.start()
    announced = False
    while True:
        await asyncio.sleep(0.1)
        if app.engine.ready() != announced:
            announced = not announced
            log.info("ready" if announced else "not ready")


async def _first(app: App, running: asyncio.Task[None], stop: asyncio.Event) -> BaseException | None:
    """Wait for a fault (returned) or the wish to stop (None)."""
    stopping = asyncio.create_task(stop.wait())
    failing = asyncio.create_task(app.engine.ending.wait())
    crashed = asyncio.create_task(app.wait_until_stopped())
    await asyncio.wait([stopping, failing, crashed, running], return_when=asyncio.FIRST_COMPLETED)
    if failing.done():
        return failing.result()
    if stopping.done():
        return None
    if running.done() and running.exception() is not None:
        return running.exception()
    return app.crash_reason or EngineError("Faust stopped without being asked to")


async def _stop(app: App, running: asyncio.Task[None]) -> BaseException | None:
    """Commit what was done, leave the group at once, end."""
    log.info("stopping")
    running.cancel()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await app.transport.leave()
            await app.stop()
            await app.engine.stop()
    except TimeoutError:
        return EngineError(f"stopping took longer than {STOP_SECONDS:.0f} s")
    log.info("stopped")
    return app.engine.ending.fault


def _brokers(chosen: Settings) -> str:
    if not chosen.kafka_brokers:
        raise UnusableError("no Kafka is named: set SHENDENG_KAFKA_BROKERS=host:port")
    return chosen.kafka_brokers


def _told(fault: BaseException) -> str:
    """Return a fault in one line; of an unforeseen one only its kind and place: its text may hold a phone."""
    if isinstance(fault, EngineError | OSError):
        return str(fault)
    places = []
    trace = fault.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{Path(code.co_filename).name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return f"unforeseen {type(fault).__name__} at {' > '.join(places[-6:])}"
