"""`shendeng demo --story`: people in the running system, each line read back from the topics."""

from __future__ import annotations

import os
import secrets
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams import clock, codecs
from streams.agents.colours import first_policy
from streams.cli.demo._where import CARRIER, Wish, playing_on
from streams.cli.demo._worker import working
from streams.cli.demo.people import setting
from streams.cli.demo.people.cast import drawn
from streams.cli.demo.people.chapters import child, family, liar, old_man, recycled, strict, unbound
from streams.cli.demo.people.ledger import Ledger
from streams.cli.demo.people.printing import Office
from streams.cli.demo.people.reading import reading
from streams.cli.demo.people.teller import Teller
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack

    from streams.cli.demo._screen import Screen
    from streams.cli.demo.people.cast import Cast
    from streams.kafka.publishing import Publisher
    from streams.settings import Settings

CHAPTERS: Final[tuple[Callable[[Teller], None], ...]] = (
    old_man.tell,
    family.tell,
    unbound.tell,
    liar.tell,
    recycled.tell,
    strict.tell,
    child.tell,
)


def story(stack: ExitStack, chosen: Settings, screen: Screen) -> None:
    """Start everything on a stack and tell the story; WrongError at the first line that is not so."""
    begun, now = clock.monotonic(), clock.now()
    where = stack.enter_context(playing_on(chosen, Wish(0, 0, keep=False)))
    # People are told now what they ask now, and a pass printed here is good for its 72 hours.
    chosen = replace(where.settings, clock="wall", agents="all")
    screen.say(f"Kafka: {where.told}")
    names, wire, cast = Names(chosen.topic_prefix), wire_of(chosen), drawn(secrets.token_bytes)
    ledger = Ledger(first_policy(chosen))
    office = Office(Path(chosen.home) / "demo" / "people", cast.check_key, now)
    out = stack.enter_context(publisher(chosen.kafka_brokers, wire))
    _publish(out, names, cast, now, chosen.partitions)
    worker = stack.enter_context(working(chosen))
    screen.say(f"worker: process {worker.process.pid}, log in {worker.log}; it begins in some seconds")
    read = stack.enter_context(reading(chosen.kafka_brokers, names, wire, ledger.take))
    screen.say(
        "what follows is made up, and read back from the topics: topic, partition@offset, what it says"
    )
    teller = Teller(
        chosen,
        names,
        cast,
        out,
        read,
        ledger,
        office,
        screen,
        running=worker.check,
        now=clock.now,
        monotonic=clock.monotonic,
    )
    for chapter in CHAPTERS:
        chapter(teller)
    screen.say("")
    screen.say(_summary(teller, clock.monotonic() - begun))


def _publish(out: Publisher, names: Names, cast: Cast, now: int, partitions: int) -> None:
    """Publish what is there before the story begins: places, registers, bindings, nine days of sightings."""
    for tower in setting.TOWERS:
        out.send(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
    for area in setting.areas(now):
        out.send(names.risk_areas, codecs.encode_area(area), area.id.encode())
    out.send(names.communities, codecs.encode_community(setting.community()), setting.community().id.encode())
    for entry in setting.residents(cast):
        out.send(names.residents, codecs.encode_resident(entry), entry.person)
    for one in setting.bindings(cast, now):
        key, partition = codecs.binding_place(one, partitions)
        out.send(names.identity_bindings, codecs.encode_binding(one), key, partition)
    for phone, seen in setting.sightings(cast, now):
        events = codecs.Events([phone] * len(seen), [cell for _, cell in seen], [at * 1000 for at, _ in seen])
        [partition] = codecs.partitions_of([phone], partitions)
        out.send(names.events(CARRIER), codecs.encode_batch(events), partition=partition)
    out.confirm()


def _summary(teller: Teller, seconds: float) -> str:
    program = Path(os.path.relpath(Path(sys.executable).with_name("shendeng")))
    return (
        f"summary: {len(CHAPTERS)} chapters, {teller.told} lines, all read back or worked out from what was, "
        f"{seconds:.0f} s after the start\n"
        "  every red here is a lead: nobody has looked into one, so it asks and holds nobody (rule 15.2)\n"
        f"  the passes stay in {teller.office.folder}; a gate checks Li's with no Kafka at all:\n"
        f"  {teller.office.line(teller.cast.li, str(program))}"
    )
