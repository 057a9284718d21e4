"""An appeal upheld over one hex that many phones were seen in: until the last change it leads to (rule 16.2).

One worker has everybody's diaries, another the people's side, as where colours count by the hundred thousand:
a person's desk, the exclusion's topic, the agent `reference`, the journal and the colours lie on the way.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from streams import clock, codecs
from streams.bench.deciding import CPU
from streams.bench.diaries import area, middle
from streams.bench.folding import folded
from streams.bench.positions import Positions
from streams.bench.scale import CARRIER, CHANGES, SECONDS, fill
from streams.bench.working import PACE, Working
from streams.kafka import admin
from streams.kafka.publishing import publisher
from streams.kafka.reading import whole
from streams.kafka.wire import wire_of
from streams.people.actors import Actor, Role
from streams.people.appealed import AppealOpened
from streams.people.appeals import ConfirmUphold, OpenAppeal, ProposeUphold
from streams.people.commands import Command
from streams.people.declarations import Declare
from streams.people.statements import Place, Statement
from streams.topics import Names, topics

if TYPE_CHECKING:
    from streams.bench.diaries import Diaries
    from streams.settings import Settings

DAY: Final = 86_400
PERSON: Final = (b"\x02" + bytes(15)).hex()
PROPOSED: Final = 2
"""The version of the proposal: it follows the opening."""
STILL: Final = 3.0
"""Seconds: the clock looks once a second."""


class Found(NamedTuple):
    """What was measured."""

    seconds: float
    """From sending the second officer's word until the last change is committed."""
    cpu: float
    """CPU seconds of the colours' worker by then."""
    changes: int
    """How many phones changed."""


def measured(chosen: Settings, diaries: Diaries) -> Found:
    """Fill a deployment with diaries, publish an area, and let two officers strike out its middle hex."""
    chosen = replace(chosen, agents="engine", clock="events")
    with admin.admin(chosen.kafka_brokers) as client:
        admin.create(client, topics(chosen, [CARRIER]), chosen.replication)
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        out.send(Names(chosen.topic_prefix).risk_areas, codecs.encode_area(area()), area().id.encode())
    fill(chosen, diaries)
    people = replace(chosen, agents="people", app_id=f"{chosen.app_id}-people")
    with Working(chosen) as worker, Working(people) as desks:
        folded(chosen, [worker], diaries.sighted, SECONDS)
        desks.until(desks.ready, "ready", SECONDS)
        return asyncio.run(_decided(chosen, worker))


async def _decided(chosen: Settings, worker: Working) -> Found:
    one, two = Actor("one", Role.OFFICER), Actor("two", Role.OFFICER)
    own, now = Actor(PERSON, Role.RESIDENT), clock.now()
    stayed = Statement((Place((middle(),), stayed=True, from_=now - 2 * DAY, until=now - DAY),))
    _ask(chosen, (own, Declare(stayed)), (own, OpenAppeal("reason", "STAYED", area().id)))
    commands = Names(chosen.topic_prefix).commands
    async with asyncio.timeout(SECONDS):
        async with Positions(chosen, desks_in=commands) as desks:
            await _reached(desks, worker, await desks.ends())
            case = await asyncio.to_thread(_opened, chosen)
            _ask(chosen, (one, ProposeUphold(case, "tower_misplaced", "bench", hex=middle())), first=2)
            await _reached(desks, worker, await desks.ends())
        async with Positions(chosen) as committed:
            stood = await _still(committed)
            before, busy, begun = worker.total(CHANGES), worker.total(CPU), clock.monotonic()
            _ask(chosen, (two, ConfirmUphold(case, PROPOSED)), first=3)
            ends = stood
            while any(ends[number] == stood[number] for number in stood):
                await committed.follow(PACE)
                worker.check()
                ends = await committed.ends()
            at = await _reached(committed, worker, ends)
            spent = worker.total(CPU) - busy
            await committed.follow(PACE)
            return Found(at - begun, spent, int(worker.total(CHANGES) - before))


def _opened(chosen: Settings) -> str:
    """Return the name of the appeal that was opened: it was drawn."""
    wire = wire_of(chosen)
    values = (one.value for one in whole(chosen.kafka_brokers, Names(chosen.topic_prefix).appeals))
    facts = (codecs.decode_recorded(wire.learnt(value)) for value in values)
    return next(one.body.appeal for one in facts if isinstance(one.body, AppealOpened))


async def _still(committed: Positions) -> dict[int, int]:
    """Return the journal's ends once nothing has entered for a while, no tick of the clock either."""
    ends: dict[int, int] = {}
    while (now := await committed.ends()) != ends:
        ends = now
        await committed.follow(STILL)
    return ends


async def _reached(positions: Positions, worker: Working, ends: dict[int, int]) -> float:
    """Wait until so much is committed; return when it was (monotonic seconds)."""
    wanted = {number: end for number, end in ends.items() if end}
    while (at := positions.reached(wanted)) is None:
        await positions.follow(PACE)
        worker.check()
    return at


def _ask(chosen: Settings, *asked: tuple[Actor, Any], first: int = 0) -> None:
    topic = Names(chosen.topic_prefix).commands
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        for number, (actor, body) in enumerate(asked, first):
            command = Command(f"bench-{number}", PERSON, actor, clock.now() * 1000, body)
            out.send(topic, codecs.encode_command(command), codecs.aggregate_key(PERSON))
