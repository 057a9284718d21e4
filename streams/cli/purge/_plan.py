"""What a purge is to delete: topics, groups, stores and keys, all there before the first of them goes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from streams.files.keys import keys_of
from streams.files.passkeys import PUBLISHED, key_set_at, private_keys, signing_key
from streams.files.unusable import UnusableError
from streams.kafka import admin, purging
from streams.kafka.local import answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.people.codes.keys import KeySet, SigningKey
    from streams.people.receipt import Purged
    from streams.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that goes; `signing` signs the receipt before the pass keys go, the last of all."""

    topics: tuple[Purged, ...]
    groups: tuple[str, ...]
    stores: tuple[Path, ...]
    secrets: tuple[Path, ...]
    pass_keys: tuple[Path, ...]
    keys: tuple[str, ...]
    signing: SigningKey
    published: KeySet
    """The public keys: with them anybody can read the receipt."""

    def lines(self) -> Iterator[str]:
        """Yield what would be deleted, a line each."""
        for topic in self.topics:
            yield f"topic {topic.name}: {topic.partitions} partitions, {topic.records} offsets"
        yield from (f"group {name}" for name in self.groups)
        yield from (f"store {path}" for path in self.stores)
        yield from self.keys


def planned(
    settings: Settings, brokers: str, folder: Path, secrets: Iterable[Path], stores: Iterable[Path], now: int
) -> Plan:
    """Return what there is to delete; UnusableError where something named is missing, or nothing can sign."""
    published = key_set_at(str(folder / PUBLISHED))
    signing = signing_key(folder, published, now)
    others, more = tuple(secrets), tuple(stores)
    for path in (*others, *more):
        if not path.exists():
            raise UnusableError(str(path), "", "expected something to delete, found nothing: leave it out")
    with admin.admin(brokers) as client:
        names, groups = purging.of_deployment(client, settings), purging.groups(client, settings)
    own = private_keys(folder)
    keys = [f"pass key {path.stem}" for path in own]
    for path in others:
        keys += _told(path)
    return Plan(
        purging.held(brokers, names),
        tuple(groups),
        (*_stores(Path(settings.home), brokers), *more),
        others,
        own,
        tuple(keys),
        signing,
        published,
    )


def _stores(home: Path, brokers: str) -> Iterator[Path]:
    """Yield what the project keeps on this machine: its home, but for Kafka's jars and a Kafka that runs."""
    for path in sorted(home.iterdir()) if home.is_dir() else ():
        if path.name != "kafka":
            yield path
            continue
        for inside in sorted(path.iterdir()):
            address = inside / "address"
            if address.is_file() and not _runs(address.read_text().strip(), brokers):
                yield inside


def _runs(address: str, brokers: str) -> bool:
    return address in brokers or answers(address)


def _told(path: Path) -> list[str]:
    """Say which keys a file holds, and nothing of them."""
    try:
        return [f"pseudonym key {key.proof()} in {path}" for key in keys_of(str(path)).all()]
    except UnusableError:
        return [f"key file {path}"]
