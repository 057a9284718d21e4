"""The worker's Faust app: built fresh by `create`, nothing imports it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import faust

from streams import clock
from streams.agents import clock as journal_clock
from streams.agents import colours, ingest, nights, people, presence, reference
from streams.kafka.clients import FETCH_BYTES
from streams.kafka.engine import Engine
from streams.kafka.no_tables import NoTables
from streams.metrics import Metrics
from streams.tables import ColourTable

if TYPE_CHECKING:
    from streams.agents.ingest import Ingest
    from streams.kafka.desk import Desk
    from streams.kafka.life import Life
    from streams.kafka.lives import Lives
    from streams.settings import Settings

MILLISECONDS: Final = 1000
HEARTBEATS: Final = 4
"""Heartbeats in a session timeout: a lost one does no harm."""
COMMIT_SECONDS: Final = 1.0
BUFFERED_CHUNKS: Final = 4096
"""Never reached: the consumer holds back a partition that has chunks waiting."""
A_DAY: Final = 86_400.0


class App(faust.App):
    """A Faust app with the engine its agents share."""

    logger = logging.getLogger("faust.worker")
    engine: Engine
    transport: Any
    ingest: Ingest
    lives: Lives[Life]
    colours: ColourTable
    """The phones of the partitions that are live here."""
    desks: Lives[Desk]

    async def on_first_start(self) -> None:
        """Make no folders: Faust's would hold tables, and there are none."""

    async def on_start(self) -> None:
        """Start the engine before the consumer joins its group."""
        await self.engine.start()
        await super().on_start()


def create(settings: Settings, brokers: str) -> App:
    """Return the app with its agents attached, not started; it must be made in a running event loop."""
    session = settings.session_timeout_ms / MILLISECONDS
    app = App(
        group(settings),
        broker=[f"chunked://{address.strip()}" for address in brokers.split(",")],
        broker_session_timeout=session,
        broker_heartbeat_interval=session / HEARTBEATS,
        broker_commit_interval=COMMIT_SECONDS,
        broker_max_poll_interval=A_DAY,
        consumer_auto_offset_reset="earliest",
        consumer_group_instance_id=settings.instance_id or None,
        consumer_max_fetch_size=FETCH_BYTES,
        stream_wait_empty=False,
        stream_buffer_maxsize=BUFFERED_CHUNKS,
        table_standby_replicas=0,
        topic_allow_declare=False,
        topic_disable_leader=True,
        web_enabled=False,
        TableManager=NoTables,
    )
    app.in_worker = True
    app.engine = Engine(app, settings, brokers, Metrics(), clock.now_precise, clock.monotonic)
    app.engine.before_start(lambda: colours.check_partitions(app.engine))
    presence.attach(app.engine)
    if settings.agents != "people":
        app.ingest = ingest.attach(app, app.engine)
        app.lives = colours.attach(app, app.engine)
        app.colours = ColourTable(lambda: [life.folding.window for life in app.lives.live()])
        reference.attach(app, app.engine, colours.first_policy(settings))
        journal_clock.attach(app.engine, app.lives)
        nights.attach(app, app.engine, app.lives)
    if settings.agents != "engine":
        app.desks = people.attach(app, app.engine)
    app.engine.on_scrape(lambda: app.engine.metrics.fetched_bytes.set(app.transport.waiting_bytes()))
    return app


def group(settings: Settings) -> str:
    """Return the consumer group; its members share out all its topics, so `people` alone has its own."""
    alone = "-people" if settings.agents == "people" else ""
    return f"{settings.app_id}{alone}{settings.topic_prefix and '-'}{settings.topic_prefix}"
