"""The demo's beginning: Kafka, topics, towers and areas, a worker, and where the story goes on."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from streams import clock, codecs
from streams.agents.colours import first_policy
from streams.city.city import City
from streams.city.journeys import DAY
from streams.cli.demo import _kept
from streams.cli.demo._controls import Controls
from streams.cli.demo._folded import Folded
from streams.cli.demo._follow import Follower
from streams.cli.demo._kept import Kept
from streams.cli.demo._stage import POLL_SECONDS, Stage
from streams.cli.demo._steps import HISTORY_DAYS, Office
from streams.cli.demo._story import DAYS, Story
from streams.cli.demo._tally import Tally
from streams.cli.demo._telling import Telling
from streams.cli.demo._where import playing_on
from streams.cli.demo._worker import working
from streams.kafka.clients import bounds
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from contextlib import ExitStack

    from streams.cli.demo._screen import Screen
    from streams.cli.demo._where import Wish
    from streams.cli.demo._worker import Worker
    from streams.settings import Settings


def begun(stack: ExitStack, chosen: Settings, screen: Screen, wish: Wish) -> tuple[Stage, Story, int]:
    """Start everything on a stack; return the stage, its story, and how far it was played before (or 0)."""
    monotonic = clock.monotonic()
    where = stack.enter_context(playing_on(chosen, wish))
    chosen = where.settings
    screen.say(f"Kafka: {where.told}")
    kept = where.kept or Kept(wish.phones, wish.seed, (clock.now() // DAY - HISTORY_DAYS - 1) * DAY)
    _kept.write(where.file, kept)
    city = City(kept.seed, kept.phones, kept.start, DAYS)
    before = _ends(chosen)
    wanted = len(city.place.areas) * chosen.partitions
    fresh = sum(before.values()) < wanted
    if fresh:
        _publish_place(chosen, city, screen)
    worker = stack.enter_context(working(chosen))
    screen.say(f"worker: process {worker.process.pid}, log in {worker.log}")
    _say_how_to_join_in(chosen, screen)
    since = _wait_for_areas(chosen, wanted, worker) if fresh else before
    stage = Stage(
        chosen, city, screen, worker, _follower(chosen, city, since), Telling(first_policy(chosen)), monotonic
    )
    stage.fresh = fresh
    stack.enter_context(stage.follower.following(stage.shown, stage.entered, stage.looked))
    story = Story(stage, Office(chosen, city), kept, where.file)
    return stage, story, 0 if fresh else _go_on(stage, kept)


def _follower(chosen: Settings, city: City, since: dict[int, int]) -> Follower:
    return Follower(
        chosen.kafka_brokers,
        Names(chosen.topic_prefix),
        wire_of(chosen),
        Folded(chosen.partitions),
        Controls(chosen.partitions, since),
        Tally(city.midnight(0)),
    )


def _go_on(stage: Stage, kept: Kept) -> int:
    """Wait until the worker has rebuilt, and folded what it had not; return the journal's clock."""
    stage.screen.say("going on with the city that was kept: the worker rebuilds from its journal")
    stage.next_day = kept.days
    stage.settle()
    folded = stage.follower.folded
    stage.screen.say(
        f"it holds {folded.sightings:,} sightings; {kept.days} of {HISTORY_DAYS} days are not played again"
    )
    return max(folded.clocks.values())


def _publish_place(chosen: Settings, city: City, screen: Screen) -> None:
    names = Names(chosen.topic_prefix)
    with publisher(chosen.kafka_brokers, wire_of(chosen)) as out:
        for tower in city.place.towers:
            out.send(names.cell_towers, codecs.encode_tower(tower), tower.id.encode())
        for area in city.place.areas:
            out.send(names.risk_areas, codecs.encode_area(area), area.id.encode())
    screen.say(
        f"a generated city of {city.phones:,} people, its {len(city.place.towers):,} towers and "
        f"{len(city.place.areas)} key areas: all of it made up, so every count is shown exactly"
    )


def _wait_for_areas(chosen: Settings, wanted: int, worker: Worker) -> dict[int, int]:
    """Wait until the journal holds the areas: a history played in before them would be judged again after."""
    ends: dict[int, int] = {}
    while sum(ends.values()) < wanted:
        worker.check()
        time.sleep(POLL_SECONDS)
        ends = _ends(chosen)
    return ends


def _ends(chosen: Settings) -> dict[int, int]:
    journal = Names(chosen.topic_prefix).journal
    found = asyncio.run(bounds(chosen.kafka_brokers, journal, range(chosen.partitions)))
    return {partition: end for partition, (_, end) in found.items()}


def _say_how_to_join_in(chosen: Settings, screen: Screen) -> None:
    program = Path(os.path.relpath(Path(sys.executable).with_name("shendeng")))
    named = f"SHENDENG_KAFKA_BROKERS={chosen.kafka_brokers} "
    if chosen.topic_prefix:
        named += f"SHENDENG_TOPIC_PREFIX={chosen.topic_prefix} "
    screen.say("in a second terminal:")
    for words in ("watch", "watch --json --count 1", "explain PHONE", "diff --areas FILE"):
        screen.say(f"  {named}{program} {words}")
