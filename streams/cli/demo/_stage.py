"""The demo under way: what runs, what is read of it and printed, and waiting until all of it is folded."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

from streams import clock
from streams.city.journeys import DAY
from streams.cli.demo._controls import key_of
from streams.cli.demo._screen import counted, hued
from streams.cli.demo._steps import HISTORY_DAYS
from streams.cli.demo._telling import announcement
from streams.cli.demo._where import CARRIER
from streams.cli.watch import line
from streams.codecs.times import text
from streams.domain.colours import ORDER
from streams.kafka import admin
from streams.kafka.clients import bounds
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.city.city import City
    from streams.cli.demo._controls import Entered, Key
    from streams.cli.demo._follow import Follower
    from streams.cli.demo._screen import Screen
    from streams.cli.demo._telling import Telling
    from streams.cli.demo._worker import Worker
    from streams.domain.records import ColourChanged
    from streams.settings import Settings

POLL_SECONDS: Final = 0.1
MINUTE: Final = 60


@dataclass
class Stage:
    """What runs; `shown`, `entered` and `looked` are called on the follower's thread."""

    settings: Settings
    city: City
    screen: Screen
    worker: Worker
    follower: Follower
    telling: Telling
    begun: float
    """When the demo began, by the monotonic clock."""
    speed: int | None = None
    """Simulated seconds a second, once live."""
    recorded: list[ColourChanged] | None = None
    """Takes every change while it is a list."""
    announced: set[Key] = field(default_factory=set)
    next_day: int = 0
    """The first day whose line is not printed yet."""
    lock: Lock = field(default_factory=Lock)
    fresh: bool = True

    def check(self) -> None:
        """Raise EngineError if anything that should run does not."""
        self.worker.check()
        self.follower.check()

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds, as long as all runs."""
        while not holds():
            self.check()
            time.sleep(POLL_SECONDS)

    def until_begun(self, day: int) -> None:
        """Wait until all before a day is folded: playing far ahead would only slow the worker."""
        self.until(lambda: self.follower.folded.behind() >= self.city.midnight(day))

    def settle(self) -> None:
        """Wait until all that was published is folded and its changes taken, and the clocks are level.

        Level, so that time, which the worker puts in where nothing is seen, comes before what follows.
        """
        names, folded, follower = Names(self.settings.topic_prefix), self.follower.folded, self.follower
        group = f"{self.settings.app_id}{names.prefix and '-'}{names.prefix}"
        ends = self._ends(names.events(CARRIER))
        brokers, events = self.settings.kafka_brokers, names.events(CARRIER)
        self.until(lambda: _reached(admin.group_offsets(brokers, group, events), ends))
        journal = self._ends(names.journal)
        slot = self.settings.slot_minutes * MINUTE
        self.until(lambda: folded.through(journal) and folded.level(slot))
        read = follower.ends()
        self.until(lambda: follower.has_read(read))

    def _ends(self, topic: str) -> dict[int, int]:
        found = asyncio.run(bounds(self.settings.kafka_brokers, topic, range(self.settings.partitions)))
        return {partition: end for partition, (_, end) in found.items()}

    def shown(self, change: ColourChanged) -> None:
        """Print a change if it is the first, or about red or yellow in the live part."""
        if self.fresh and self.follower.tally.changes == 1:
            self.screen.say(f"first colour change after {clock.monotonic() - self.begun:.1f} s")
        if self.recorded is not None:
            self.recorded.append(change)
        about = {"red", "yellow"} & {change.colour, change.previous}
        if self.speed is not None and about and not self.follower.controls.caused(change):
            self.screen.one(hued(change.colour, line(change, self.telling.names())))

    def entered(self, one: Entered) -> None:
        """Announce a control that is folded everywhere, with what it changed."""
        what = self.telling.what(one.record)
        if one.told:
            at = max(self.follower.folded.clocks.values())
            self.screen.say(announcement(what, at, self.follower.controls.effect(one)))
        self.announced.add(key_of(one.record))

    def looked(self) -> None:
        """Print the lines of days that are over, and draw how far all is."""
        folded = self.follower.folded
        over = min((folded.behind() - self.city.midnight(0)) // DAY, HISTORY_DAYS)
        if over > self.next_day:
            self.follower.when_read(lambda: self.days_over(over))
        if self.speed is not None:
            self.screen.pause()
        self.screen.status(self._status())

    def days_over(self, count: int) -> None:
        """Print the lines of the first `count` days, each once: all their changes must have been taken."""
        with self.lock:
            for day in range(self.next_day, count):
                self.screen.say(self._day(day))
            self.next_day = max(self.next_day, count)

    def _day(self, number: int) -> str:
        tally, names = self.follower.tally, self.telling.names()
        day, date = tally.day(number), text(self.city.start + number * DAY)[:10]
        told = [
            f"day {number + 1:>2}  {date}  {counted(tally.at_end(number), 6)}   {day.changes:,} changes",
            *(f"    {_example(one, names)}" for one in day.examples.values()),
        ]
        return "\n".join(told)

    def _status(self) -> str:
        tally, folded = self.follower.tally, self.follower.folded
        at = text(max(folded.clocks.values()))[:16].replace("T", " ") if folded.sightings else "…"
        if self.speed is not None:
            return f"live, {at} UTC: {counted(tally.now())}"
        rate = folded.sightings / max(1.0, clock.monotonic() - self.begun)
        told = f"{folded.sightings:,} sightings folded, {rate:,.0f}/s; {tally.changes:,} changes"
        return f"history, {at} UTC: {told}"

    def summary(self) -> str:
        """Return the phones by colour, the changes by reason, and how long it took."""
        tally, folded = self.follower.tally, self.follower.folded
        reasons = ", ".join(f"{code} {tally.reasons[code]:,}" for code in ORDER if tally.reasons[code])
        return (
            f"summary: {folded.sightings:,} sightings and {tally.changes:,} changes, "
            f"{clock.monotonic() - self.begun:.0f} s after the start\n"
            f"  phones now: {counted(tally.now())}\n  reasons given: {reasons}"
        )


def _example(change: ColourChanged, names: dict[str, str]) -> str:
    first = change.reasons[0]
    why = first.code if first.area is None else f"{first.code} {names.get(first.area, first.area)}"
    return f"{change.phone.hex()[:8]}  {change.previous or 'new'} → {hued(change.colour)}  {why}"


def _reached(found: dict[int, int], ends: dict[int, int]) -> bool:
    return all(found.get(partition, 0) >= end for partition, end in ends.items())
