"""Topics made and compared with kafka-python's admin client; nothing that exists is changed."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType, NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from streams.kafka.errors import UnusableError, in_short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from streams.topics import Topic


LOOKS, PAUSE = 200, 0.05
"""How often, and after how many seconds again, a broker is asked that is not ready with something yet."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a topic is not as it should be; `found` is None where there is no such topic."""

    topic: str
    setting: str
    expected: str
    found: str | None


@contextmanager
def admin(brokers: str) -> Iterator[Any]:
    """Yield an admin client; UnusableError if no Kafka answers there, or refuses."""
    try:
        client = KafkaAdminClient(bootstrap_servers=brokers.split(","), request_timeout_ms=20_000)
    except KafkaError as error:
        raise UnusableError(f"no Kafka at {brokers}: {type(error).__name__}") from None
    try:
        yield client
    except KafkaError as error:
        raise UnusableError(f"Kafka at {brokers} refused: {in_short(error)}") from None
    finally:
        client.close()


def create(
    client: Any, wanted: Sequence[Topic], replication: int, sleep: Callable[[float], None] = time.sleep
) -> list[str]:
    """Make the topics that are missing; return their names once the broker lists them.

    It answers before it does. One that somebody else has just made, and that is not listed yet, is as good.
    """
    made = missing = _missing(client, wanted)
    for _ in range(LOOKS):
        if not missing:
            break
        with suppress(TopicAlreadyExistsError):  # once that one is listed, what else was refused is said
            client.create_topics(
                [
                    NewTopic(topic.name, topic.partitions, replication, topic_configs=dict(topic.settings))
                    for topic in missing
                ]
            )
        if missing := _missing(client, wanted):
            sleep(PAUSE)
    if missing:
        names = ", ".join(topic.name for topic in missing)
        raise UnusableError(f"the broker took {names} and does not list it; look at its log")
    return [topic.name for topic in made]


def _missing(client: Any, wanted: Sequence[Topic]) -> list[Topic]:
    there = set(client.list_topics())
    return [topic for topic in wanted if topic.name not in there]


def differences(client: Any, wanted: Sequence[Topic]) -> list[Difference]:
    """Compare the topics that exist with those wanted."""
    there = set(client.list_topics())
    found = [Difference(topic.name, "topic", "there", None) for topic in wanted if topic.name not in there]
    present = [topic for topic in wanted if topic.name in there]
    if not present:
        return found
    counts = {
        described["name"]: len(described["partitions"])
        for described in client.describe_topics([topic.name for topic in present])
    }
    for topic in present:
        settings = _settings(client, topic.name) | {"partitions": str(counts[topic.name])}
        for name, expected in {"partitions": str(topic.partitions), **topic.settings}.items():
            if settings.get(name) != expected:
                found.append(Difference(topic.name, name, expected, settings.get(name, "")))
    return found


def _settings(client: Any, topic: str) -> dict[str, str]:
    described = client.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])
    return {name: entry["value"] for name, entry in described["topic"][topic].items()}


def topic_id(brokers: str, topic: str) -> str:
    """Return what tells a topic from every other, also from one of its name made later.

    UnusableError where there is no such topic, or can be none.
    """
    with admin(brokers) as client:
        [described] = client.describe_topics([topic])
    if described["error_code"]:
        raise UnusableError(f"topic {topic!r} does not exist; create it with: shendeng topics create")
    return str(described["topic_id"])


def group_offsets(
    brokers: str,
    group: str,
    topic: str,
    connect: Callable[[str], AbstractContextManager[Any]] = admin,
    sleep: Callable[[float], None] = time.sleep,
) -> dict[int, int]:
    """Return how far a consumer group has come in a topic, by partition, as far as it has committed.

    A broker that has just started does not lead its groups yet. kafka-python does not ask again, and a client
    of it never forgets who led a group: so each time a new one asks.
    """
    refused = ""
    for _ in range(LOOKS):
        with connect(brokers) as client:
            try:
                found = client.list_group_offsets([group])[group]
            except KafkaError as error:
                if not error.retriable:
                    raise
                refused = in_short(error)
            else:
                return {
                    tp.partition: place.offset
                    for tp, place in found.items()
                    if tp.topic == topic and place.offset >= 0
                }
        sleep(PAUSE)
    raise UnusableError(f"nobody at {brokers} leads group {group!r}: {refused}")
