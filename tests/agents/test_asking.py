"""A worker waits for more of what is coming, and asks seldom while nothing does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from kafka import KafkaProducer

from streams import codecs
from streams.kafka.consumer import BUSY, IDLE, Asking
from tests.agents.stage import HEXED, a_stage, a_worker, run, until

if TYPE_CHECKING:
    from streams.app import App
    from streams.kafka.local import LocalBroker

PHONE = b"\x01" + bytes(15)


def asking(app: App) -> Asking:
    """Return what the worker's next fetch asks for."""
    fetcher = app.consumer._thread._consumer._fetcher  # type: ignore[attr-defined]  # noqa: SLF001 - nobody tells
    return Asking(fetcher._fetch_min_bytes, fetcher._fetch_max_wait_ms)  # noqa: SLF001 - as above


def test_a_fetch_waits_for_more_only_while_sightings_come(broker: LocalBroker, topic_prefix: str) -> None:
    stage = a_stage(broker.address, topic_prefix, carriers="one", agents="engine")
    stage.make_topics("one")
    stage.send_towers(HEXED)
    event = codecs.encode_event(PHONE, HEXED.id, int(time.time()) * 1000)
    producer = KafkaProducer(bootstrap_servers=stage.brokers)

    async def work() -> None:
        async with a_worker(stage) as app:

            def busy() -> bool:
                """Send once more, since it is idle again a moment after the last."""
                producer.send(stage.names.events("one"), event).get(10)
                return asking(app) == BUSY

            await until(lambda: asking(app) == IDLE)
            await until(busy)
            await until(lambda: asking(app) == IDLE)

    run(work)
    producer.close()
