"""The bench replays what it generated, all of it, and its changes stand in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.bench.replaying import folded, written
from streams.city.city import City

if TYPE_CHECKING:
    from pathlib import Path

START = 1_580_515_200
"""2020-02-01T00:00:00Z."""


def test_every_sighting_is_taken_and_every_change_is_a_line(tmp_path: Path) -> None:
    city = City(1, 100, START, 5)
    events = [event for day in range(5) for event in city.events(day)]
    written(events, tmp_path / "events.csv")
    tally = folded(city, tmp_path / "events.csv", tmp_path / "changes.ndjson")
    assert tally.sightings == len(events)
    assert tally.phones == len({phone for _, phone, _ in events})
    lines = (tmp_path / "changes.ndjson").read_bytes().count(b"\n")
    assert lines == tally.as_dict()["changes"]["total"] > tally.phones
