"""What publishing commands write with: kafka-python's producer, acknowledged one by one or all at once."""

from __future__ import annotations

from collections import deque
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from kafka import KafkaProducer
from kafka.errors import InvalidProducerEpochError, KafkaError, KafkaTimeoutError, ProducerFencedError

from streams.kafka.admin import admin
from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from streams.kafka.wire import Wire

ACKNOWLEDGED_SECONDS: Final = 130.0
"""Longer than the producer tries (delivery_timeout_ms, 120 s): not each record of a lost topic heeds that."""


class Publisher:
    """Sends to topics; `confirm` returns once all that was sent stands in every replica."""

    def __init__(self, producer: Any, wire: Wire, there: Container[str]) -> None:
        self._producer, self._wire, self._there = producer, wire, there
        self._sent: deque[Any] = deque()
        self._reached = 0

    def send(
        self, topic: str, value: bytes | None, key: bytes | None = None, partition: int | None = None
    ) -> None:
        """Hand a record over; without key and partition Kafka chooses. UnusableError: no such topic."""
        self._check(topic)
        framed = None if value is None else self._wire.framed(topic, value)
        self._sent.append(self._producer.send(topic, value=framed, key=key, partition=partition))

    def partitions(self, topic: str) -> int:
        """Return how many partitions a topic has; UnusableError where there is no such topic."""
        self._check(topic)
        return len(self._producer.partitions_for(topic))

    def _check(self, topic: str) -> None:
        """Refuse a topic that is not there: asked about it, many a Kafka would make it."""
        if topic not in self._there:
            raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")

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
        try:
            self._producer.flush(ACKNOWLEDGED_SECONDS)
        except KafkaTimeoutError:
            told = f"not acknowledged within {ACKNOWLEDGED_SECONDS:.0f} s; do the topics still stand?"
            raise UnusableError(f"what was sent was {told}") from None
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
    there = _there(brokers)
    producer = _producer(brokers)
    try:
        found = Publisher(producer, wire, there)
        yield found
        found.confirm()
    except KafkaError as error:
        raise UnusableError(f"Kafka at {brokers} refused: {error}") from None
    finally:
        producer.close(timeout=5)


@contextmanager
def whole_or_nothing(brokers: str, wire: Wire, identity: str) -> Iterator[Publisher]:
    """Yield a publisher of whose records everybody sees all once the body has ended well, else none.

    One at a time holds an identity: UnusableError if another has taken it before the end.
    """
    there = _there(brokers)
    producer = _producer(brokers, identity)
    try:
        producer.init_transactions()
        producer.begin_transaction()
        found = Publisher(producer, wire, there)
        try:
            yield found
            found.confirm()
            producer.commit_transaction()
        except BaseException:
            with suppress(KafkaError):
                producer.abort_transaction()
            raise
    except (ProducerFencedError, InvalidProducerEpochError):
        raise UnusableError("somebody else is publishing: nothing was published, try again") from None
    except KafkaError as error:
        raise UnusableError(f"Kafka at {brokers} refused, nothing was published: {error}") from None
    finally:
        producer.close(timeout=5)


def _there(brokers: str) -> frozenset[str]:
    with admin(brokers) as client:
        return frozenset(client.list_topics())


def _producer(brokers: str, identity: str | None = None) -> Any:
    try:
        return KafkaProducer(
            bootstrap_servers=brokers.split(","),
            acks="all",
            linger_ms=20,
            max_block_ms=20_000,
            transactional_id=identity,
        )
    except KafkaError as error:
        raise UnusableError(f"no Kafka at {brokers}: {type(error).__name__}") from None
