"""The agent `colours`: the journal folded, its changes written in one transaction with the position (D4)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from streams.agents.hex_counts import OWNER, HexCounts, told
from streams.agents.itineraries import Itineraries, installed
from streams.agents.warm import warm_columns
from streams.domain.policy import Deployment, Policy, PolicyError, check
from streams.kafka.answering import AnsweringLife
from streams.kafka.checkpoints import Checkpoints
from streams.kafka.chunks import chunks
from streams.kafka.errors import UnusableError
from streams.kafka.journal import MILLISECONDS, Refused, admit
from streams.kafka.lives import Lives
from streams.kafka.store import KafkaStore
from streams.kafka.transactions import Told
from streams.topics import topics
from streams.window.warm import warm
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.kafka.engine import Engine
    from streams.kafka.life import Life
    from streams.kafka.transactions import Output
    from streams.settings import Settings


log = logging.getLogger(__name__)


def attach(app: Any, engine: Engine) -> Lives[Life]:
    """Add the agent to the app; the journal partitions it owns are in the Lives returned."""
    settings, names = engine.settings, engine.names
    cities = installed(settings)

    def life(partition: int) -> Life:
        store = KafkaStore.of(settings, engine.brokers, partition, engine.wire, engine.now)
        colouring = Colouring(partition, engine)
        checkpoints = Checkpoints(
            store,
            colouring,
            partitions=settings.partitions,
            every=settings.checkpoint_seconds,
            now=engine.now,
            monotonic=engine.monotonic,
            watch=engine.watch,
        )
        itineraries = Itineraries(engine, partition, cities, lambda: colouring.window)
        return AnsweringLife(
            store,
            colouring,
            checkpoints,
            names.itinerary_requests,
            itineraries.answer,
            interval=settings.commit_interval_ms / MILLISECONDS,
            monotonic=engine.monotonic,
            watch=engine.watch,
            companions=[HexCounts(engine)] if partition == OWNER else (),
        )

    lives = Lives(app, names.journal, engine.ending, life, engine.settings.instance_id)
    engine.before_start(lambda: _compile(engine))
    engine.ready_when(lives.ready)
    engine.on_scrape(lambda: show(lives, engine))
    engine.run(lives.joined)

    @app.agent(engine.chunked(names.journal), name="colours")  # type: ignore[untyped-decorator]
    async def colours(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await lives.take(chunk)

    return lives


async def check_partitions(engine: Engine) -> None:
    """Raise UnusableError unless every topic is there, and those by phone have the partitions configured."""
    names, wanted = engine.names, engine.settings.partitions
    for needed in topics(engine.settings, []):
        await engine.producing.partitions(needed.name)
    by_phone = (
        names.journal,
        names.checkpoints,
        names.colour_changes,
        names.commands,
        names.identity_bindings,
        names.night_requests,
        names.sms_inbound,
        names.itinerary_requests,
        names.itineraries,
    )
    for topic in by_phone:
        found = await engine.producing.partitions(topic)
        if found != wanted:
            raise UnusableError(
                f"topic {topic!r} has {found} partitions, SHENDENG_PARTITIONS is {wanted}: phones would move"
            )


async def _compile(engine: Engine) -> None:
    """Compile window and columns before the worker joins its group: who joins must not stand still."""
    begun = engine.monotonic()
    await asyncio.to_thread(warm, fresh_window(engine.settings, 0))
    await asyncio.to_thread(warm_columns)
    log.info("compiled, or loaded, in %.1f s", engine.monotonic() - begun)


def fresh_window(settings: Settings, partition: int) -> Window:
    """Return the state that a worker of this deployment begins a partition with."""
    deployment = Deployment(settings.retention_days, settings.max_skew)
    return Window(deployment, first_policy(settings), partition=partition)


def show(lives: Lives[Life], engine: Engine) -> None:
    """Set the gauges of the partitions that are live here."""
    metrics = engine.metrics
    for life in lives.live():
        label, clock = str(life.partition), life.folding.clock()
        metrics.journal_offset.labels(label).set(life.next)
        metrics.journal_lag.labels(label).set(max(0, life.end - life.next))
        metrics.phones.labels(label).set(life.folding.phones())
        metrics.diary_bytes.labels(label).set(life.folding.nbytes())
        if (taken := life.checkpoints.in_force) is not None:
            metrics.checkpoint_age.labels(label).set(max(0.0, engine.now() - taken.taken_at))
        if clock is not None:
            metrics.clock.labels(label).set(clock)
            metrics.clock_lag.labels(label).set(engine.now() - clock)
    for partition in range(engine.settings.partitions):
        if lives.of(partition) is None:
            metrics.forget(partition)


def first_policy(settings: Settings) -> Policy:
    """Return the built-in policy with what is fixed for this deployment (rule 1.5), or UnusableError."""
    policy = Policy(
        slot_minutes=settings.slot_minutes,
        resolution=settings.resolution,
        coarse_range_m=settings.coarse_range_m,
    )
    try:
        check(policy, Deployment(settings.retention_days, settings.max_skew))
    except PolicyError as error:
        raise UnusableError(f"settings: {error}") from None
    return policy


class Colouring:
    """A partition's window as its life sees it: journal values in, records to write out."""

    def __init__(self, partition: int, engine: Engine) -> None:
        self._partition, self._engine = partition, engine
        settings = engine.settings
        self._max_skew, self._resolution = settings.max_skew, settings.resolution
        self._retired = settings.retired
        self.window = fresh_window(settings, partition)
        self.window.counting.on = True

    def apply(self, offset: int, append_ms: int, value: bytes | None) -> Sequence[Output | Told]:
        """Fold one journal value; what cannot enter becomes a dead letter, and the fold goes on."""
        record = admit(value, append_ms, self._max_skew, self._resolution, self._retired)
        if isinstance(record, Refused):
            return [self._dead_letter(record.reason, offset)]
        outcome = self.window.apply(record, offset)
        outputs: list[Output | Told] = []
        if outcome.changes:
            topic = self._engine.names.colour_changes
            outputs.append(Told(topic, self._partition, outcome.changes, append_ms))
        for snapshot in outcome.counts:
            outputs += told(self._engine, self._partition, snapshot)
        if outcome.refused is not None:
            outputs.append(self._dead_letter("refused", offset))
        return outputs

    def phones(self) -> int:
        """Return how many phones the window holds."""
        return self.window.phones

    def nbytes(self) -> int:
        """Return the memory that the window takes."""
        return self.window.nbytes()

    def clock(self) -> int | None:
        """Return the window's clock."""
        return self.window.clock

    def _dead_letter(self, reason: str, offset: int) -> Output:
        journal = self._engine.names.journal
        return self._engine.dead_letters.output(reason, journal, self._partition, offset)
