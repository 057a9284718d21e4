"""From handing an event to a producer to a read_committed consumer's seeing what it caused, at a steady rate.

Others' outputs name the event by phone and time. Of ours the first change of each phone is taken: it is
caused by the phone's first sighting and by nothing else. The first third of the time is left out.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from confluent_kafka import Consumer, ConsumerGroupState, Producer, TopicPartition
from confluent_kafka.admin import AdminClient

from bench.peers import ours
from bench.peers.contest import environment
from bench.peers.ground import INPUT, reference_data
from bench.peers.load import PARTITIONS
from streams import clock, codecs
from streams.bench.working import Working
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bench.peers.ground import Ground
    from bench.peers.load import Load

    Cause = Callable[[bytes], int | None]

PREFIX: Final = "latency."
OUT: Final = "latency.out"
START_SECONDS: Final = 60.0
QUIET_SECONDS: Final = 2.0
TICK: Final = 0.002
QUANTILES: Final = (50, 99)


def measured(ground: Ground, words: Sequence[str], run: str, rate: int, seconds: int) -> dict[str, Any]:
    """Return p50 and p99 in milliseconds; `words` is the command of others, empty for ours."""
    names, load = Names(PREFIX), ground.load
    ground.delete(lambda name: name.startswith(PREFIX))
    ground.create([names.events("single")], PARTITIONS, INPUT)
    events = min(rate * seconds, len(load))
    if words:
        ground.create([OUT], PARTITIONS, {})
        return _of_others(ground, words, run, rate, events)
    chosen = ours.deployment(ground.broker, "single", run, PREFIX)
    ours.create(chosen)
    reference_data(Producer({"bootstrap.servers": ground.broker}), names, load)
    with Working(chosen) as worker:
        worker.until(worker.ready, "ready", START_SECONDS)
        seen, sent = _paced(ground, names.colour_changes, rate, events)
    return _quantiles(seen, sent, rate, by_first_sighting(load, events))


def _of_others(ground: Ground, words: Sequence[str], run: str, rate: int, events: int) -> dict[str, Any]:
    scratch = ground.folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    named = environment(ground, "single", run)
    named |= {"TOPIC": Names(PREFIX).events("single"), "OUT": OUT, "COUNT": str(events)}
    process = subprocess.Popen(  # noqa: S603 - pinned
        words,
        env=named | {"SCRATCH": str(scratch.absolute())},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _until_stable(ground.broker, run)
        seen, sent = _paced(ground, OUT, rate, events)
    finally:
        process.kill()
        process.wait()
    return _quantiles(seen, sent, rate, by_time(ground.load))


def _until_stable(broker: str, group: str) -> None:
    """Wait until a consumer group has its members; TimeoutError if it never has."""
    client, end = AdminClient({"bootstrap.servers": broker}), clock.monotonic() + START_SECONDS
    while clock.monotonic() < end:
        [found] = client.describe_consumer_groups([group]).values()
        if found.exception() is None and found.result().state == ConsumerGroupState.STABLE:
            return
        time.sleep(0.2)
    raise TimeoutError(f"the group {group} did not come together")


def _paced(ground: Ground, out: str, rate: int, events: int) -> tuple[list[tuple[float, bytes]], Any]:
    """Send events at a rate; return what came out with its time, and when each event was sent (ms)."""
    seen: list[tuple[float, bytes]] = []
    ended = Event()
    reader = Thread(target=_read, args=(ground.broker, out, seen, ended))
    reader.start()
    load, topic = ground.load, Names(PREFIX).events("single")
    values, keys = load.values(0, events), load.keys(0, events)
    sent = np.zeros(events)
    producer = Producer({"bootstrap.servers": ground.broker, "acks": 1, "linger.ms": 2})
    begun, done = clock.monotonic(), 0
    while done < events:
        due, now = min(events, int((clock.monotonic() - begun) * rate)), clock.monotonic() * 1000
        for number in range(done, due):
            partition = int(load.phone[number]) % PARTITIONS
            producer.produce(topic, values[number].tobytes(), keys[number], partition)
        sent[done:due] = now
        done = due
        producer.poll(0)
        time.sleep(TICK)
    producer.flush()
    count = -1
    while count != len(seen):
        count = len(seen)
        time.sleep(QUIET_SECONDS)
    ended.set()
    reader.join()
    return seen, sent


def _read(broker: str, topic: str, seen: list[tuple[float, bytes]], ended: Event) -> None:
    consumer = Consumer(
        {
            "bootstrap.servers": broker,
            "group.id": "latency",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
            "isolation.level": "read_committed",
            "fetch.wait.max.ms": 100,
        }
    )
    consumer.assign([TopicPartition(topic, number, 0) for number in range(PARTITIONS)])
    while not ended.is_set():
        message = consumer.poll(0.2)
        if message is not None and message.error() is None:
            seen.append((clock.monotonic() * 1000, message.value() or b""))
    consumer.close()


def _quantiles(seen: list[tuple[float, bytes]], sent: Any, rate: int, caused: Cause) -> dict[str, Any]:
    found = [(event, at) for at, value in seen if (event := caused(value)) is not None]
    events, at = np.array([event for event, _ in found], np.int64), np.array([at for _, at in found])
    delays = (at - sent[events])[events >= len(sent) // 3]
    if not len(delays):
        raise TimeoutError(f"no output of the last two thirds at {rate:,}/s was seen in time")
    p50, p99 = np.percentile(delays, QUANTILES)
    return {"rate": rate, "outputs": len(delays), "p50_ms": float(p50), "p99_ms": float(p99)}


def by_time(load: Load) -> Cause:
    """Return how to find the event behind an output of others: no two have one `seen_at`."""
    return lambda value: int(np.searchsorted(load.seen_ms, int.from_bytes(value[32:40], "big")))


def by_first_sighting(load: Load, events: int) -> Cause:
    """Return how to find the event behind a change of ours; None for a phone's second and later ones."""
    numbers, firsts = np.unique(load.phone[:events], return_index=True)
    known = {bytes(load.phones[number]): int(first) for number, first in zip(numbers, firsts, strict=True)}

    def caused(value: bytes) -> int | None:
        change = codecs.decode_change(value)
        return known[change.phone] if change.sequence == 1 else None

    return caused
