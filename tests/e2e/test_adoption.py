"""Rule 18.1 end to end: passes that an office issued, gates that checked some, and what the command says."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from typing import TYPE_CHECKING, Any, Final

import pytest
from click.testing import CliRunner
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from streams import __main__, clock, codecs, settings
from streams.kafka.looked import erase, texts_of
from streams.kafka.lookups import recorder
from streams.kafka.publishing import publisher
from streams.kafka.wire import Wire
from streams.people.actors import Actor, Role
from streams.people.adoption import recorded_check
from streams.people.audit.lookups import Kind, Subject
from streams.people.commands import Command
from streams.people.passes import IssuePass
from streams.people.register import Resident
from tests.e2e.processes import Worker, environment, until, values, within
from tests.people.adoption_course import ANSWER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PARTITIONS: Final = 2
DAY: Final = 86_400
TODAY: Final = int(time.time()) // DAY * DAY
NOON: Final = (TODAY - DAY // 2) * 1000
"""Yesterday's (ms)."""
OFFICE: Final = Actor("wang", Role.COMMUNITY, "lane-7")
PEOPLE: Final = [bytes([1, *number.to_bytes(15, "big")]) for number in range(54)]
OLD: Final = PEOPLE[:40]
FEW: Final = PEOPLE[40:]


class Lane:
    """A community's people on a broker, the office that issues passes, and the gates that check them."""

    def __init__(self, broker: LocalBroker, prefix: str, folder: Path) -> None:
        self.broker, self.prefix = broker, prefix
        self.env = environment(broker.address, prefix, partitions=str(PARTITIONS), agents="people")
        self.settings = settings.load(self.env)
        # A register of yesterday: else it has the broker's time, which no test can set.
        admin = KafkaAdminClient(bootstrap_servers=broker.address)
        admin.create_topics([NewTopic(f"{prefix}residents", PARTITIONS, 1)])
        admin.close()
        within("topics", "create", env=self.env, codes=(0, 3))
        self.worker = Worker(self.env, folder / "worker.log")

    def send(self, topic: str, rows: Iterable[tuple[bytes, bytes | None]], at: int) -> None:
        producer = KafkaProducer(bootstrap_servers=self.broker.address)
        for key, value in rows:
            [partition] = codecs.partitions_of([key], PARTITIONS)
            producer.send(self.prefix + topic, value, key, partition=partition, timestamp_ms=at)
        producer.flush()
        producer.close()

    def issue(self, people: list[bytes]) -> None:
        """Have the office fetch a paper pass for each, by commands that a worker decides."""
        wishes = [(one, Command(f"c-{one.hex()}", one.hex(), OFFICE, NOON, IssuePass())) for one in people]
        self.send("commands", [(one, codecs.encode_command(wish)) for one, wish in wishes], NOON)
        until(lambda: len(values(self.broker.address, f"{self.prefix}passes")) == len(people), "the passes")

    def check(self, office: str, people: list[bytes]) -> None:
        """Have a gate of an office check the passes of people, each a look-up that is recorded."""
        gate = Actor("gate-1", Role.GATE, office)

        async def work() -> None:
            async with recorder(
                self.settings, office, lambda: secrets.token_bytes(32), clock.now_precise
            ) as chain:
                looks = [recorded_check(gate, one, "paper_pass", ANSWER, NOON + 60_000) for one in people]
                await asyncio.gather(*(chain.record(look) for look in looks))

        asyncio.run(work())

    def erase(self, people: list[bytes]) -> None:
        topic = f"{self.prefix}lookups"
        with publisher(self.broker.address, Wire(None)) as out:
            for one in people:
                subject = Subject(Kind.PERSON, one)
                erase(out, topic, subject, texts_of(self.broker.address, topic, subject))

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(within("adoption", "--target", "90", "--json", env=self.env))
        return found


@pytest.fixture
def lane(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Lane]:
    made = Lane(broker, topic_prefix, tmp_path)
    entries = [Resident(one, 1, "lane-7", "60-69", 7) for one in OLD]
    entries += [Resident(one, 1, "lane-7", "90+", 7) for one in FEW]
    made.send("residents", [(one.person, codecs.encode_resident(one)) for one in entries], NOON)
    made.worker.start()
    try:
        until(made.worker.ready, "ready")
        yield made
    finally:
        if made.worker.alive():
            made.worker.kill()


def test_a_target_that_the_office_has_scanned_together_shows_beside_what_gates_have_seen(lane: Lane) -> None:
    lane.issue(PEOPLE)
    lane.check("lane-7", PEOPLE)
    band = {"community": "lane-7", "age_band": "60-69", "residents": 30, "holders": 30, "by_proxy": None}
    band |= {"on_paper": 30, "used": None, "holders_percent": 100, "used_percent": None, "reached": True}
    assert lane.told() == {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(TODAY)),
        "k": 15,
        "target": 90,
        "bands": [band],
    }
    lane.check("market", OLD[:15])
    assert lane.told()["bands"] == [band | {"used": 15, "used_percent": 50}]
    table = within("adoption", "--target", "90", env=lane.env)
    assert "target: 90 % hold a code; reached in 1 of 1" in table
    assert "lane-7 60-69: used by 50 %" in table
    assert "90+" not in table
    lane.erase(OLD[:1])
    assert lane.told()["bands"] == [band]


@pytest.mark.parametrize(
    ("day", "said"), [("tomorrow", "expected a date as 2026-11-30"), ("2999-01-01", "a day that has begun")]
)
def test_a_day_that_cannot_be_is_one_line(day: str, said: str, topic_prefix: str) -> None:
    words = ("adoption", "--at", day)
    done = CliRunner().invoke(__main__.shendeng, words, env=environment("127.0.0.1:1", topic_prefix))
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
