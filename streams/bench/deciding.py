"""Commands through one worker on a real broker: how many a second, and what each costs (rule 11.1).

Each is a declaration of another person, who stayed somewhere, every third in a key area. It leads to a fact
and to a change of the person's colour.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streams import clock, codecs
from streams.bench.diaries import area, hexes
from streams.bench.positions import Positions
from streams.bench.runs import MICRO, Run
from streams.bench.working import PACE, Working
from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.kafka import admin
from streams.kafka.publishing import publisher, whole_or_nothing
from streams.kafka.wire import wire_of
from streams.people.actors import Actor, Role
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.statements import Place, Statement
from streams.topics import Names, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.settings import Settings

SECONDS: Final = 600.0
HOUR: Final = 3600
IN_AREA: Final = 3
A_MARKER: Final = 1
"""Offsets that the end of a transaction takes in each partition it wrote to."""
CPU: Final = "process_cpu_seconds_total"


def commands(count: int, now: int) -> Iterator[Command[Declare]]:
    """Yield so many declarations, made at `now` (seconds), each of another person."""
    inside = sorted(prepared(area(), Policy()).core)
    outside = [cell for cell in hexes() if cell not in set(inside)]
    for number in range(count):
        cells = outside if number % IN_AREA else inside
        place = Place((cells[number % len(cells)],), True, now - 30 * HOUR, now - 20 * HOUR)
        person = (b"\x01" + number.to_bytes(15, "big")).hex()
        actor = Actor(person, Role.RESIDENT)
        yield Command(f"bench-{number}", person, actor, now * 1000, Declare(Statement((place,))))


def decided(chosen: Settings, count: int) -> Run:
    """Let a worker of people's agents decide so many commands that come at once.

    Returned are commands a second until the last is committed, and CPU microseconds of each.
    """
    chosen = replace(chosen, agents="people")
    names = Names(chosen.topic_prefix)
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, topics(chosen, []), chosen.replication)
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        out.send(names.risk_areas, codecs.encode_area(area()), area().id.encode())
    with Working(chosen) as worker:
        worker.until(worker.ready, "ready", SECONDS)
        return asyncio.run(_decided(chosen, worker, count))


async def _decided(chosen: Settings, worker: Working, count: int) -> Run:
    topic = Names(chosen.topic_prefix).commands
    async with asyncio.timeout(SECONDS), Positions(chosen, desks_in=topic) as committed:
        # The worker sees none of them before all of them: nobody writes while it is measured.
        with whole_or_nothing(chosen.kafka_brokers, wire_of(chosen), f"{topic}-bench") as out:
            for command in commands(count, int(clock.now())):
                out.send(topic, codecs.encode_command(command), codecs.aggregate_key(command.aggregate))
            out.confirm()
            busy = worker.total(CPU)
        begun, at = clock.monotonic(), None
        ends = {number: end - A_MARKER for number, end in (await committed.ends()).items() if end}
        while at is None:
            worker.check()
            await committed.follow(PACE)
            at = committed.reached(ends)
        return Run(count / (at - begun), (worker.total(CPU) - busy) / count * MICRO)
