"""What every agent is given by `attach(app, engine)`: the deployment, its writers, and how to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.kafka.ending import Ending
from streams.kafka.letters import DeadLetters
from streams.kafka.watch import Watch
from streams.kafka.wire import wire_of
from streams.kafka.writers import JournalWriter, Producing
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from streams.metrics import Metrics
    from streams.settings import Settings


class Engine:
    """One worker's engine, for `attach(app, engine)` of every agent.

    An agent uses of it:

    - `settings`, `names` (topics), `brokers` (bootstrap servers);
    - `journal.put(partition, record)` and `journal.put_everywhere(record)`: return once acknowledged;
    - `dead_letters.bury(reason, topic, partition, offset, index)`: returns once acknowledged;
    - `wire.met(values)`, then `wire.read(value)`: an input topic's values as the codecs read them;
    - `CompactedReader(engine.brokers, topic, take, engine.wire)` (streams.kafka.compacted), its `follow()`
      run by `engine.run(reader.follow)`;
    - `chunked(topic, …)`: a Faust topic for `@app.agent`, whose stream `chunks(stream)` yields Chunks;
    - `run(work)`: a coroutine function to run from start to end of the worker; its error ends the process;
    - `ending.fatal()` around an agent's whole body;
    - `ready_when(ask)`: /readyz answers 200 only while every `ask()` is true;
    - `now()` wall time and `monotonic()`, in seconds.
    """

    def __init__(
        self,
        app: Any,
        settings: Settings,
        brokers: str,
        metrics: Metrics,
        now: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        self.app, self.settings, self.brokers, self.metrics = app, settings, brokers, metrics
        self.now, self.monotonic = now, monotonic
        self.names = Names(settings.topic_prefix)
        self.ending = Ending()
        self.watch = Watch(metrics, now)
        self.wire = wire_of(settings)
        self.producing = Producing(brokers)
        self.journal = JournalWriter(self.producing, self.names, settings.partitions)
        self.dead_letters = DeadLetters(self.producing, self.wire, self.names, self.watch, monotonic)
        self._prepare: list[Callable[[], Awaitable[None]]] = []
        self._work: list[Callable[[], Awaitable[None]]] = []
        self._asks: list[Callable[[], bool]] = []
        self._refreshes: list[Callable[[], None]] = []

    def chunked(self, *topics: str) -> Any:
        """Return a Faust topic whose messages are chunks; more names may be added to its `topics` later."""
        return self.app.topic(
            *topics,
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
        )

    def before_start(self, work: Callable[[], Awaitable[None]]) -> None:
        """Await `work()` before the worker joins its group."""
        self._prepare.append(work)

    def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work()` beside the agents, from the start on."""
        self._work.append(work)

    def ready_when(self, ask: Callable[[], bool]) -> None:
        """Let `ask` have a say in readiness."""
        self._asks.append(ask)

    def on_scrape(self, refresh: Callable[[], None]) -> None:
        """Call `refresh` before the metrics are shown."""
        self._refreshes.append(refresh)

    def ready(self) -> bool:
        """Tell whether everybody is ready."""
        return all(ask() for ask in self._asks)

    def refresh(self) -> None:
        """Bring the gauges up to date."""
        for refresh in self._refreshes:
            refresh()

    async def start(self) -> None:
        """Do what must be done first, then start what runs beside the agents."""
        await self.producing.started()
        for work in self._prepare:
            await work()
        for work in self._work:
            self.ending.guard(_as_coroutine(work))

    async def stop(self) -> None:
        """Stop what runs beside the agents and close the writers."""
        await self.ending.cancel()
        await self.producing.stop()


async def _as_coroutine(work: Callable[[], Awaitable[None]]) -> None:
    await work()
