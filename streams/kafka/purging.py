"""A deployment's topics and groups deleted, and looked for afterwards, on the brokers' disks too (19.1)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kafka.errors import KafkaError

from streams.kafka.reading import assigned
from streams.people.receipt import Purged
from streams.topics import Names, carriers_of, topics

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from streams.settings import Settings

UNKNOWN: Final = "not to be read from here"


def of_deployment(client: Any, settings: Settings) -> list[str]:
    """Return the topics there are of a deployment, those of every carrier included."""
    names, there = Names(settings.topic_prefix), set(client.list_topics())
    carriers = {*carriers_of(settings.carriers), *filter(None, map(names.carrier, there))}
    return sorted(there & {topic.name for topic in topics(settings, carriers)})


def held(brokers: str, names: Sequence[str]) -> tuple[Purged, ...]:
    """Return the partitions of topics, and how many offsets each topic holds as it is now."""
    if not names:
        return ()
    with assigned(brokers, *names) as (consumer, tps):
        first, ends = consumer.beginning_offsets(tps), consumer.end_offsets(tps)
    found = {name: [tp for tp in tps if tp.topic == name] for name in names}
    return tuple(
        Purged(name, len(several), sum(ends[tp] - first[tp] for tp in several))
        for name, several in found.items()
    )


def groups(client: Any, settings: Settings) -> list[str]:
    """Return the consumer groups of a deployment's workers."""
    ends = f"{settings.topic_prefix and '-'}{settings.topic_prefix}"
    own = {f"{settings.app_id}{kind}{ends}" for kind in ("", "-people")}
    return sorted(own & {group["group_id"] for group in client.list_groups()})


def active(client: Any, settings: Settings) -> list[str]:
    """Return those of a deployment's groups that have members: workers run."""
    names = groups(client, settings)
    described = client.describe_groups(names) if names else {}
    return [name for name in names if described[name]["members"]]


def left(client: Any, settings: Settings) -> list[str]:
    """Return what of a deployment the cluster still lists; its groups are deleted once nobody is in them."""
    try:
        found = [f"topic {name}" for name in of_deployment(client, settings)]
        names = groups(client, settings)
        if names:
            client.delete_groups(names)
    except KafkaError as error:
        return [f"whatever brokers hold that do not answer any more ({type(error).__name__})"]
    return found + [f"group {name}" for name in names]


def log_dirs(client: Any) -> list[str]:
    """Return the folders in which the brokers keep their logs, by the brokers' own word."""
    try:
        answers = client.describe_log_dirs()
    except KafkaError:
        return []
    return sorted({str(one["log_dir"]) for answer in answers for one in answer["log_dirs"] if one["log_dir"]})


def on_disk(folders: Iterable[str], names: Sequence[str]) -> Iterator[str]:
    """Yield what stands of topics in brokers' folders, of those being deleted too, with their bytes."""
    for folder in map(Path, folders):
        for inside in sorted(folder.iterdir()) if folder.is_dir() else ():
            if inside.is_dir() and any(_is_of(inside.name, name) for name in names):
                yield f"{inside}: {_bytes(inside)} bytes"


def _is_of(folder: str, topic: str) -> bool:
    """Say whether a folder is of a topic's partition: `<topic>-<n>`, or `<topic>-<n>.<id>-delete`."""
    rest = folder.removeprefix(f"{topic}-")
    return rest != folder and rest.partition(".")[0].isdigit()


def _bytes(folder: Path) -> int:
    """Return the bytes of a folder's files; one that goes meanwhile has none."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(place) / name).stat().st_size
    return total
