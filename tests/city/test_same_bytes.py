"""Two runs with one seed write the same bytes; memory does not grow with the days."""

from __future__ import annotations

import io
import os
import tracemalloc
from operator import itemgetter
from typing import TYPE_CHECKING

from streams.city.city import City
from streams.city.feed import arrivals
from streams.files.simulated import EventsFile, Phones
from tests.city.conftest import START, simulate

if TYPE_CHECKING:
    from pathlib import Path

    from streams.city.columns import Seen, Whereabouts

SMALL = ("--phones", "120", "--days", "4", "--seed", "7")
FILES = {
    "towers.csv",
    "areas.geojson",
    "policy.toml",
    "controls.ndjson",
    "events.csv",
    "truth.csv",
    "jurisdiction.geojson",
}


def test_two_processes_with_other_hashes_write_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", "1"), ("other", "2")):
        simulate(tmp_path / name, *SMALL, environment=os.environ | {"PYTHONHASHSEED": seed})
    assert {file.name for file in (tmp_path / "one").iterdir()} == FILES
    for name in FILES:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes(), name


def test_another_seed_is_another_city(tmp_path: Path) -> None:
    simulate(tmp_path / "one", *SMALL)
    simulate(tmp_path / "other", *SMALL[:-1], "8")
    for name in ("towers.csv", "events.csv", "truth.csv"):
        assert (tmp_path / "one" / name).read_bytes() != (tmp_path / "other" / name).read_bytes()


def test_a_day_is_the_same_whichever_days_were_asked_for_before() -> None:
    one, other = City(3, 60, START, 6), City(3, 60, START, 6)
    all_days = [list(one.events(day)) for day in range(6)]
    assert list(other.events(4)) == all_days[4]
    assert all(day == sorted(day, key=itemgetter(0)) for day in all_days)


def test_memory_does_not_grow_with_the_days() -> None:
    few, many = _peak(3), _peak(12)
    assert many < 1.2 * few


def _peak(days: int) -> int:
    """Return the most bytes held while days are played into a file that keeps nothing."""
    city = City(5, 1500, START, days)
    list(city.day(0))
    events = EventsFile(_Nowhere(), Phones(city.people.phone), city.cells)
    tracemalloc.start()
    try:
        for seen in arrivals(city, _forget):
            events.write(seen.phone, seen.tower, seen.at)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _forget(seen: Seen, truth: Whereabouts) -> None:
    del seen, truth


class _Nowhere(io.BytesIO):
    def write(self, data: object, /) -> int:
        return memoryview(data).nbytes  # type: ignore[arg-type]
