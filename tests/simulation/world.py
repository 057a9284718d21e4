"""What one seed makes: settings, weather, towers, what carriers and the back office send."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from h3.api import basic_int as h3

from streams import codecs
from streams.domain.records import AreaPublished, PolicyPublished, Sightings
from streams.domain.towers import Tower
from streams.settings import Settings
from streams.topics import Names
from tests.properties.histories import History, history
from tests.properties.world import DAY, FAR, PLACES, START, thresholds
from tests.simulation.broker import Broker
from tests.simulation.loop import Loop
from tests.simulation.network import Network, Weather
from tests.simulation.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.domain.records import Record

EPOCH = START + 90 * DAY
"""When the broker's wall clock begins: after everything that is told, so that nothing is dated ahead."""
COARSE_M = 9000.0
NEVER = 1_000_000
"""Seconds between two checkpoints where the fold stands for the window: it knows none."""
CARRIER = "mobile"
CELLS = tuple(dict.fromkeys((*PLACES, *FAR)))


def tower_id(cell: int, *, coarse: bool) -> str:
    return f"460-{int(coarse)}-1-{CELLS.index(cell)}"


def _towers() -> list[Any]:
    found = []
    for cell in CELLS:
        latitude, longitude = h3.cell_to_latlng(cell)
        for coarse in (False, True):
            tower = Tower(tower_id(cell, coarse=coarse), longitude, latitude, COARSE_M if coarse else 100.0)
            found.append(SimpleNamespace(key=tower.id.encode(), value=codecs.encode_tower(tower)))
    return found


TOWERS = _towers()
PLACED = {tower_id(cell, coarse=coarse): (cell, coarse) for cell in CELLS for coarse in (False, True)}


@dataclass(frozen=True)
class Told:
    """What enters: a record for every partition of the journal, or events for a partition of the source."""

    control: Record | None = None
    partition: int = 0
    events: tuple[tuple[bytes, str, int], ...] = ()


class World:
    """One history's broker, network and time, and what its workers are given."""

    def __init__(self, seed: int, *, reference: bool) -> None:
        self.random = Random(seed)
        self.reference = reference
        """Whether workers fold by the domain's Fold, without checkpoints, instead of the window."""
        random = self.random
        past = history(random)
        self.settings = Settings(
            partitions=random.choice([1, 2]),
            slot_minutes=past.policy.slot_minutes,
            commit_interval_ms=random.choice([20, 100, 300]),
            session_timeout_ms=6000,
            checkpoint_seconds=NEVER if reference else random.choice([1, 1, 3, 10]),
        )
        self.session = self.settings.session_timeout_ms / 1000
        self.names = Names(self.settings.topic_prefix)
        self.source = self.names.events(CARRIER)
        self.most = random.choice([1, 2, 5, 50])
        self.workers = random.choice([1, 2, 2, 3])
        self.faults = random.choice([1, 2, 3, 5])
        weather = Weather(random.choice([0.001, 0.02, 0.3]), random.choice([0.0, 0.0, 0.01, 0.05]), 0.3)
        self.loop = Loop(random)
        self.trace = Trace(self.loop.time)
        self.network = Network(self.loop, random, weather, self.loop.process("broker"), self.trace)
        self.broker = Broker(self.network, EPOCH * 1000, self.session)
        self.broker.group.places = sorted(
            (topic, number)
            for topic in (self.names.journal, self.source)
            for number in range(self.settings.partitions)
        )
        self.towers, self.places = TOWERS, PLACED
        self.on_opening: Callable[[], None] = lambda: None
        """Called when a worker begins to open a partition that it was given."""
        self.first = _first(past, random)
        self.told = _told(past, random, self.settings)

    def now(self) -> float:
        """Return wall time."""
        return self.broker.now_ms() / 1000


def _first(past: History, random: Random) -> list[Record]:
    chosen = thresholds(random, past.policy.slot_minutes, past.deployment.retention_days)
    areas = [AreaPublished(START, area) for area in past.areas]
    return [PolicyPublished(START, past.policy.version + 1, chosen), *areas]


def _told(past: History, random: Random, settings: Settings) -> list[Told]:
    """Return what is told in order; sightings come in pieces, some of them again, some out of order."""
    found: list[Told] = []
    for _, record in past.records:
        if not isinstance(record, Sightings):
            found.append(Told(record))
            continue
        events = list(_events(record, settings))
        while events:
            piece, events = events[: (size := random.randint(1, 6))], events[size:]
            found.append(Told(None, random.randrange(settings.partitions), tuple(piece)))
            if random.random() < 0.2:
                found.insert(random.randint(max(0, len(found) - 4), len(found)), found[-1])
            if random.random() < 0.1:
                found.insert(max(0, len(found) - 3), found.pop())
    return found


def _events(record: Sightings, settings: Settings) -> Any:
    for phone, cell, slot, coarse in zip(
        record.phones, record.hexes, record.slots, record.coarse, strict=True
    ):
        if cell in CELLS:
            yield phone, tower_id(cell, coarse=coarse), slot * settings.slot_minutes * 60_000
