"""What the publisher's commands write with: kafka-python's producer, every record acknowledged."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kafka import KafkaProducer
from kafka.errors import KafkaError

from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.wire import Wire


class Publisher:
    """Sends to topics; `confirm` returns once all that was sent stands in every replica."""

    def __init__(self, producer: Any, wire: Wire) -> None:
        self._producer, self._wire = producer, wire
        self._sent: deque[Any] = deque()
        self._reached = 0

    def send(self, topic: str, value: bytes, key: bytes | None = None, partition: int | None = None) -> None:
        """Hand a record over; without key and partition Kafka chooses."""
        framed = self._wire.framed(topic, value)
        self._sent.append(self._producer.send(topic, value=framed, key=key, partition=partition))

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has; UnusableError where there is no such topic."""
        found = self._producer.partitions_for(topic)
        if not found:
            raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
        return len(found)

    def mark(self, place: int) -> None:
        """Note a place of the caller's behind what was sent so far."""
        self._sent.append(place)

    def reached(self) -> int:
        """Return the last place noted before which everything is acknowledged, 0 if there is none yet."""
        while self._sent and (isinstance(self._sent[0], int) or self._sent[0].is_done):
            self._settle()
        return self._reached

    def confirm(self) -> None:
        """Wait until everything sent is acknowledged; UnusableError if something is not."""
        self._producer.flush()
        while self._sent:
            self._settle()

    def _settle(self) -> None:
        first = self._sent.popleft()
        if isinstance(first, int):
            self._reached = first
        else:
            first.get(60)


@contextmanager
def publisher(brokers: str, wire: Wire) -> Iterator[Publisher]:
    """Yield a publisher and confirm at the end; UnusableError if no Kafka answers, or refuses."""
    try:
        producer = KafkaProducer(
            bootstrap_servers=brokers.split(","), acks="all", linger_ms=20, max_block_ms=20_000
        )
    except KafkaError as error:
        raise UnusableError(f"no Kafka at {brokers}: {type(error).__name__}") from None
    try:
        found = Publisher(producer, wire)
        yield found
        found.confirm()
    except KafkaError as error:
        raise UnusableError(f"Kafka at {brokers} refused: {error}") from None
    finally:
        producer.close(timeout=5)
