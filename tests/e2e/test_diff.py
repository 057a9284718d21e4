"""On a real Kafka: `diff` says who would change, publishing needs its token, and then just these change."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaConsumer, TopicPartition

from streams import settings
from streams.agents.previewing import previewed as counts_of
from streams.cli._office import proposing_areas, proposing_policy
from streams.people.disclosure import released
from tests.e2e import place
from tests.e2e.deployment import PARTITIONS, Deployment, deployed, last_colours
from tests.e2e.processes import expected, shendeng, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from streams.cli._office import Propose
    from streams.kafka.local import LocalBroker
    from tests.e2e.processes import Worker

COLOURS = ("green", "unknown", "yellow", "red")
SLOT_SECONDS = 900
WORDS = [sys.executable, "-m", "streams"]


@pytest.fixture
def settled(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 11) as made:
        worker = made.ready()
        made.publish()
        made.settled()
        # The clock brings the partitions behind to the furthest one's slot a second or two later.
        until(lambda: in_one_slot(worker), "all partitions in one slot")
        made.settled()
        yield made


def in_one_slot(worker: Worker) -> bool:
    lines = worker.get("/metrics").splitlines()
    clocks = [float(line.split()[-1]) for line in lines if line.startswith("shendeng_clock_seconds{")]
    return len(clocks) == PARTITIONS and len({int(clock) // SLOT_SECONDS for clock in clocks}) == 1


def areas(folder: Path, name: str, *features: tuple[str, int, float, float]) -> str:
    """Write areas of an id, a version and how far west and east of the origin they reach."""
    lat, lon = place.ORIGIN
    found = []
    for identity, version, west, east in features:
        ring = [[lon + x * place.SIDE, lat + y * place.SIDE] for x, y in box(west, east)]
        properties = {"id": identity, "version": version, "from": "2026-10-01T00:00:00Z"}
        geometry = {"type": "Polygon", "coordinates": [ring]}
        found.append({"type": "Feature", "properties": properties, "geometry": geometry})
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": found}))
    return str(path)


def box(west: float, east: float) -> list[tuple[float, float]]:
    return [(west, -1), (east, -1), (east, 1), (west, 1), (west, -1)]


def refused(made: Deployment, *words: str) -> str:
    done = subprocess.run([*WORDS, *words], env=made.env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def previewed(made: Deployment, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shendeng("diff", *words, "--json", env=made.env))
    return found


def counted(
    made: Deployment, proposing: Callable[[settings.Settings, str], Propose], file: str
) -> Counter[tuple[str, str]]:
    """Return the counts of a preview as they are before any is hidden."""
    loaded = settings.load(made.env)
    counts = asyncio.run(counts_of(loaded, proposing(loaded, file)(), lambda *_: None))
    return Counter({(str(before), str(after)): count for (before, after), count in counts.items()})


def became(before: Sequence[str], after: Sequence[str]) -> Counter[tuple[str, str]]:
    """Count the phones whose last event differs, by colour before and after."""
    old, new = last_colours(list(before)), last_colours(list(after))
    changed = [phone for phone in new if sequence(after, phone) != sequence(before, phone)]
    return Counter((old[phone][0] if phone in old else "unknown", new[phone][0]) for phone in changed)


def sequence(lines: Sequence[str], phone: str) -> int:
    return max(
        (d["sequence"] for d in (json.loads(line)["data"] for line in lines) if d["phone"] == phone),
        default=0,
    )


def wholes(made: Deployment) -> dict[TopicPartition, int]:
    """Return the end of every topic of the deployment but those that the worker writes to by itself."""
    consumer = KafkaConsumer(bootstrap_servers=made.broker.address)
    try:
        own = {f"{made.prefix}{name}" for name in ("checkpoints", "person-phones")}
        mine = [topic for topic in consumer.topics() if topic.startswith(made.prefix) and topic not in own]
        tps = [TopicPartition(topic, p) for topic in mine for p in consumer.partitions_for_topic(topic)]
        return dict(consumer.end_offsets(tps))
    finally:
        consumer.close()


def settle(made: Deployment, before: list[str]) -> list[str]:
    """Wait until Kafka holds more changes than before, and what folding its journal gives."""
    found: list[str] = []

    def same() -> bool:
        found[:] = made.changes()
        return len(found) > len(before) and found == expected(made.env, made.folder)

    until(same, "what folding the journal gives")
    return found


def test_what_is_previewed_is_published_with_the_token_and_then_happens(settled: Deployment) -> None:
    made = settled
    before = made.changes()
    file = areas(made.folder, "new.geojson", ("market", 2, -3.0, -1.5), ("port", 1, 0.5, 3.0))
    ends = wholes(made)
    exact = counted(made, proposing_areas, file)
    told = previewed(made, "--areas", file)
    assert previewed(made, "--areas", file) == told
    text = shendeng("diff", "--areas", file, env=made.env)
    assert wholes(made) == ends
    assert f"diff --areas {file} --publish {told['token']}" in text
    assert re.search(r"^before +→ green +→ unknown +→ yellow +→ red$", text, re.MULTILINE)
    assert "<15" in text
    assert told["areas"] == [
        {"id": "market", "version": 2, "withdrawn": False, "now": 1},
        {"id": "port", "version": 1, "withdrawn": False, "now": None},
    ]
    assert "see whose with shendeng diff --areas" in refused(made, "publish", "areas", file)
    assert "the token '00' does not fit" in refused(made, "diff", "--areas", file, "--publish", "00")
    other = areas(made.folder, "other.geojson", ("market", 2, -3.0, -1.4), ("port", 1, 0.5, 3.0))
    assert "does not fit" in refused(made, "diff", "--areas", other, "--publish", told["token"])
    assert wholes(made) == ends

    shendeng("diff", "--areas", file, "--publish", told["token"], env=made.env)
    after = settle(made, before)
    happened = became(before, after)
    assert happened == exact
    assert {(one["before"], one["after"]): one["phones"] for one in told["changes"]} == {
        (b, a): released(happened[b, a]) for b in COLOURS for a in COLOURS
    }
    assert told["phones"] == released(happened.total())
    assert any(one["phones"] for one in told["changes"])
    published = wholes(made)[TopicPartition(f"{made.prefix}risk-areas", 0)]
    shendeng("diff", "--areas", file, "--publish", told["token"], env=made.env)
    shendeng("publish", "areas", file, env=made.env)
    assert wholes(made)[TopicPartition(f"{made.prefix}risk-areas", 0)] == published

    policy = made.folder / "policy.toml"
    policy.write_text("version = 3\nstay_minutes = 30\nmin_stay_slots = 2\nmin_days = 1\n")
    exact = counted(made, proposing_policy, str(policy))
    told = previewed(made, "--policy", str(policy))
    assert told["policy"] == {"version": 3, "now": 0}
    shendeng("diff", "--policy", str(policy), "--publish", told["token"], env=made.env)
    happened = became(after, settle(made, after))
    assert happened == exact
    assert {(one["before"], one["after"]): one["phones"] for one in told["changes"]} == {
        (b, a): released(happened[b, a]) for b in COLOURS for a in COLOURS
    }
