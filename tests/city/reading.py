"""An independent reading of a simulation's files: it uses nothing of streams.city."""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path


class Mast(NamedTuple):
    net: str
    lon: float
    lat: float
    range_m: float


class Spell(NamedTuple):
    start: int
    end: int
    lon: float
    lat: float


class Sight(NamedTuple):
    at: int
    cell: str


class Files:
    """Towers by id, truth and sightings by phone; `rows` are the sightings as they stand in the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.towers = {
            "-".join(row[name] for name in ("mcc", "net", "area", "cell")): Mast(
                row["net"], float(row["lon"]), float(row["lat"]), float(row["range"])
            )
            for row in _rows(folder / "towers.csv")
        }
        self.truth: dict[str, list[Spell]] = defaultdict(list)
        for row in _rows(folder / "truth.csv"):
            spell = Spell(seconds(row["from"]), seconds(row["until"]), float(row["lon"]), float(row["lat"]))
            self.truth[row["phone"]].append(spell)
        self.rows = [
            (row["phone"], Sight(seconds(row["seen_at"]), row["cell"]))
            for row in _rows(folder / "events.csv")
        ]
        self.seen: dict[str, list[Sight]] = defaultdict(list)
        for phone, sight in sorted(set(self.rows)):
            self.seen[phone].append(sight)

    def was(self, phone: str, at: int) -> Spell:
        """Return where the truth says a phone was."""
        spells = self.truth[phone]
        found = spells[bisect_right(spells, at, key=lambda spell: spell.start) - 1]
        assert found.start <= at < found.end
        return found

    def metres(self, spell: Spell, cell: str) -> float:
        """Return how far a tower stands from where somebody was."""
        tower = self.towers[cell]
        return metres(spell.lon, spell.lat, tower.lon, tower.lat)


def metres(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return a great circle by the haversine formula."""
    a, b, c, d = (math.radians(value) for value in (lon1, lat1, lon2, lat2))
    h = math.sin((d - b) / 2) ** 2 + math.cos(b) * math.cos(d) * math.sin((c - a) / 2) ** 2
    return 2 * 6_371_000 * math.asin(math.sqrt(h))


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))
