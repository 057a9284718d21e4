"""One simulation for all tests of this folder, its files read independently, and its replay."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from streams.city.city import City
from streams.city.people import NAMES
from tests.city.reading import Files, seconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PHONES, DAYS, SEED = 600, 16, 2
START = seconds("2020-02-01T00:00:00Z")


def simulate(folder: Path, *words: str, status: int = 0, environment: Mapping[str, str] | None = None) -> str:
    line = [sys.executable, "-m", "streams", "simulate", *words, "-o", str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == status, done.stderr
    return done.stderr


def replay(folder: Path, *words: str) -> None:
    """Replay a simulation into its own folder; every row must be a sighting."""
    given = ("towers.csv", "areas.geojson", "policy.toml", "controls.ndjson")
    options = [word for name in given for word in (f"--{name.partition('.')[0]}", name)]
    line = [sys.executable, "-m", "streams", "replay", *options, *words, "events.csv", "-o", "changes.ndjson"]
    done = subprocess.run(line, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = tmp_path_factory.mktemp("city") / "made"
    simulate(folder, "--phones", str(PHONES), "--days", str(DAYS), "--seed", str(SEED))
    return Files(folder)


@pytest.fixture(scope="session")
def kinds() -> dict[str, str]:
    """Return what is particular about each phone."""
    people = City(SEED, PHONES, START, DAYS).people
    return {phone.tobytes().hex(): NAMES[kind] for phone, kind in zip(people.phone, people.kind, strict=True)}


@pytest.fixture(scope="session")
def colours(written: Files) -> dict[str, list[str]]:
    """Return each phone's colours in order, by replay."""
    replay(written.folder)
    found: dict[str, list[str]] = {}
    for line in (written.folder / "changes.ndjson").read_text().splitlines():
        data = json.loads(line)["data"]
        found.setdefault(data["phone"], []).append(data["colour"])
    return found
