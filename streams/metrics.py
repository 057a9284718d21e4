"""What a process tells about itself: Prometheus' metrics, and whether it lives and is ready."""

from __future__ import annotations

import asyncio
import math
from bisect import bisect_left
from contextlib import suppress
from http import HTTPStatus
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from prometheus_client.core import Metric

DELAYS: Final = (0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
FOLDS: Final = (0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 60)
REQUEST_SECONDS: Final = 5.0


class Metrics:
    """The metrics of one process in a registry of its own, by the names of the interfaces."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self.sightings = self._counter("sightings", "Sightings written to the journal.", "carrier")
        self.dead_letters = self._counter("dead_letters", "Dead letters written.", "reason")
        self.changes = self._counter("colour_changes", "Colour changes committed.", "colour", "reason")
        self.journal_offset = self._gauge("journal_offset", "Next journal offset to fold.", "partition")
        self.journal_lag = self._gauge("journal_lag_records", "Journal records not folded yet.", "partition")
        self.clock = self._gauge("clock_seconds", "The journal's clock (event time).", "partition")
        self.clock_lag = self._gauge("clock_lag_seconds", "Wall time less the journal's clock.", "partition")
        self.phones = self._gauge("phones", "Phones with a diary.", "partition")
        self.diary_bytes = self._gauge("diary_bytes", "Memory that the state takes.", "partition")
        self.fetched_bytes = Gauge(
            "shendeng_fetched_bytes",
            "Memory of records that were fetched and that no agent has begun with.",
            registry=self.registry,
        )
        self.checkpoint_age = self._gauge(
            "checkpoint_age_seconds", "Wall time since the state of the last checkpoint.", "partition"
        )
        self.checkpoint_seconds = Gauge(
            "shendeng_checkpoint_seconds",
            "The last checkpoint, from its first copy to its commit.",
            registry=self.registry,
        )
        self.checkpoint_pause = Gauge(
            "shendeng_checkpoint_pause_seconds",
            "The longest that folding stood still while state was copied for a checkpoint, since the start.",
            registry=self.registry,
        )
        self.produce_to_change = Delays(
            "shendeng_produce_to_change_seconds",
            "From a journal record's append to the commit of the change it caused.",
            DELAYS,
        )
        self.registry.register(self.produce_to_change)
        self.fold_seconds = Histogram(
            "shendeng_fold_seconds", "Folding one journal record.", registry=self.registry, buckets=FOLDS
        )
        self.recovery_seconds = Gauge(
            "shendeng_recovery_seconds",
            "The last recovery of a partition: checkpoint and journal.",
            registry=self.registry,
        )
        self.referrals = self._gauge("referrals", "Referrals of the partitions that are here.", "state")
        self.referrals_overdue = Gauge(
            "shendeng_referrals_overdue",
            "Referrals that nobody acknowledged in time, by the time of the data.",
            registry=self.registry,
        )
        self.transactions = self._counter("transactions", "Transactions ended.", "outcome")

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(f"shendeng_{name}", text, labels, registry=self.registry)

    def _gauge(self, name: str, text: str, *labels: str) -> Gauge:
        return Gauge(f"shendeng_{name}", text, labels, registry=self.registry)

    def forget(self, partition: int) -> None:
        """Drop a partition's gauges: it is somebody else's now."""
        for gauge in (
            self.journal_offset,
            self.journal_lag,
            self.clock,
            self.clock_lag,
            self.phones,
            self.diary_bytes,
            self.checkpoint_age,
        ):
            with suppress(KeyError):
                gauge.remove(str(partition))


class Delays(Collector):
    """A histogram that takes many observations of one value at once, as prometheus_client's does not."""

    def __init__(self, name: str, text: str, bounds: Sequence[float]) -> None:
        self._name, self._text, self._bounds = name, text, (*bounds, math.inf)
        self._counts = [0] * len(self._bounds)
        self._sum = 0.0

    def observe(self, value: float, times: int) -> None:
        """Take a value that was observed so many times."""
        self._counts[bisect_left(self._bounds, value)] += times
        self._sum += value * times

    def collect(self) -> Iterator[Metric]:
        """Yield what was observed so far."""
        labels = [*map(str, self._bounds[:-1]), "+Inf"]
        buckets = list(zip(labels, accumulate(self._counts), strict=True))
        yield HistogramMetricFamily(self._name, self._text, buckets=buckets, sum_value=self._sum)


class Health:
    """Answers GET /metrics, /livez and /readyz on one port."""

    def __init__(self, metrics: Metrics, ready: Callable[[], bool], refresh: Callable[[], None]) -> None:
        self._metrics, self._ready, self._refresh = metrics, ready, refresh
        self._server: asyncio.Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Listen; return the port taken. OSError where it is in use."""
        self._server = await asyncio.start_server(self._answer, host, port)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, incoming: asyncio.StreamReader, outgoing: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                head = await incoming.readuntil(b"\r\n\r\n")
                status, kind, body = self._reply(head)
                outgoing.write(
                    b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
                    % (status, status.phrase.encode(), kind.encode(), len(body))
                    + body
                )
                await outgoing.drain()
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
            return
        finally:
            outgoing.close()

    def _reply(self, head: bytes) -> tuple[HTTPStatus, str, bytes]:
        plain = "text/plain; charset=utf-8"
        method, _, rest = head.partition(b" ")
        path = rest.partition(b" ")[0].partition(b"?")[0]
        if method != b"GET":
            return HTTPStatus.METHOD_NOT_ALLOWED, plain, b"only GET\n"
        if path == b"/metrics":
            self._refresh()
            return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(self._metrics.registry)
        if path == b"/livez":
            return HTTPStatus.OK, plain, b"alive\n"
        if path == b"/readyz":
            if self._ready():
                return HTTPStatus.OK, plain, b"ready\n"
            return HTTPStatus.SERVICE_UNAVAILABLE, plain, b"not ready\n"
        return HTTPStatus.NOT_FOUND, plain, b"/metrics, /livez and /readyz\n"
