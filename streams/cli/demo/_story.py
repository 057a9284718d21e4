"""The demo's story: the history as fast as it folds, the live days at a chosen speed, the steps between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from streams import clock
from streams.city.city import QUARTER
from streams.city.journeys import DAY
from streams.cli.demo import _kept
from streams.cli.demo._steps import HISTORY_DAYS, STEPS, Drawn
from streams.cli.demo._where import CARRIER
from streams.cli.demo._windows import compared
from streams.kafka.batches import Batches
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from pathlib import Path

    from streams.cli.demo._controls import Key
    from streams.cli.demo._kept import Kept
    from streams.cli.demo._stage import Stage
    from streams.cli.demo._steps import Doing, Office, Windows

LIVE_DAYS: Final = 3
"""Whatever the hour, the machine's clock is in the second or third day after the history."""
DAYS: Final = HISTORY_DAYS + LIVE_DAYS
TICK_SECONDS: Final = 1.0


class Story:
    """Plays a stage's city; `kept` says how many steps are done, and `file` is where that is noted."""

    def __init__(self, stage: Stage, office: Office, kept: Kept, file: Path) -> None:
        self._stage, self._office, self._kept, self._file = stage, office, kept, file
        self._city = stage.city

    def history(self) -> None:
        """Play what is left of the history; a day that was broken off is played again.

        Sightings repeated change nothing (rule 6.3).
        """
        self._do_until(self._kept.days * DAY)
        first = self._kept.days
        for day in range(first, HISTORY_DAYS):
            if day > first:
                self._stage.until_begun(day - 1)
            self._play(day)
            self._note(self._kept.a_day_more())
            self._do_until((day + 1) * DAY)
        self._stage.settle()
        self._stage.days_over(HISTORY_DAYS)

    def _play(self, day: int) -> None:
        stage = self._stage
        with publisher(stage.settings.kafka_brokers, wire_of(stage.settings)) as out:
            batches = Batches(out, Names(stage.settings.topic_prefix).events(CARRIER))
            for seconds, phone, cell in self._city.events(day):
                batches.add(seconds, phone, cell)
            batches.send()
        stage.check()

    def live(self, speed: int, reached: int) -> None:
        """Play the days after the history at a speed, never ahead of the machine's clock (rule 1.4).

        Where it has caught up it goes on in real time, until the city's last day is over.
        """
        stage = self._stage
        stage.speed = speed
        due = max(self._city.midnight(HISTORY_DAYS), reached)
        with publisher(stage.settings.kafka_brokers, wire_of(stage.settings)) as out:
            batches = Batches(out, Names(stage.settings.topic_prefix).events(CARRIER))
            pace = Pace(speed, due)
            for day in range((due - self._city.midnight(0)) // DAY, DAYS):
                for seconds, phone, cell in self._city.events(day):
                    if seconds < due - QUARTER:
                        continue
                    while pace.due < seconds:
                        batches.send()
                        out.confirm()
                        self._tick(pace)
                    batches.add(seconds, phone, cell)
            batches.send()
        stage.screen.say(f"the city's {DAYS} days are over; Ctrl-C ends")
        stage.until(lambda: False)

    def _tick(self, pace: Pace) -> None:
        stage = self._stage
        stage.check()
        behind = pace.caught_up
        pace.tick()
        if pace.caught_up and not behind:
            stage.screen.say("caught up with the machine's clock: from here in real time; Ctrl-C ends")
        self._do_until(pace.due - self._city.midnight(0))

    def _do_until(self, seconds: int) -> None:
        """Do what is due by so many seconds after the first midnight, each step when all before is folded."""
        while self._kept.steps < len(STEPS) and STEPS[self._kept.steps][0] <= seconds:
            self._stage.settle()
            if self._stage.speed is None:
                self._stage.days_over(seconds // DAY)
            self._do(STEPS[self._kept.steps][1])
            self._note(self._kept.a_step_more())
            if self._kept.steps == len(STEPS):
                self._stage.screen.say(
                    "the demo publishes no more areas and policies: what you publish is announced here too"
                )

    def _note(self, kept: Kept) -> None:
        self._kept = kept
        _kept.write(self._file, kept)

    def _do(self, doing: Doing) -> None:
        if isinstance(doing, Drawn):
            self._wait_for(*self._office.draw(doing))
        else:
            self._windows(doing)

    def _windows(self, windows: Windows) -> None:
        stage = self._stage
        before = dict(stage.follower.tally.standing)
        stage.recorded = []
        keys = [self._wait_for(*self._office.window(days)) for days in windows.days]
        after, recorded, stage.recorded = dict(stage.follower.tally.standing), stage.recorded, None
        stage.screen.say(compared(before, after, recorded, stage.follower.controls.places(keys)))

    def _wait_for(self, key: Key, file: Path) -> Key:
        self._stage.screen.say(f"the back office publishes {file}")
        self._stage.until(lambda: key in self._stage.announced)
        return key


class Pace:
    """Simulated time that goes `speed` times as fast as the machine's, and never ahead of it."""

    def __init__(self, speed: int, due: int) -> None:
        self._speed, self.due = speed, due
        """What was seen up to then (unix seconds) is due."""
        self.caught_up = False
        self._next = clock.monotonic()

    def tick(self) -> None:
        """Wait for the next tick and move on."""
        self._next = max(self._next + TICK_SECONDS, clock.monotonic())
        time.sleep(max(0.0, self._next - clock.monotonic()))
        wanted, now = self.due + round(self._speed * TICK_SECONDS), clock.now()
        self.caught_up = wanted >= now
        self.due = min(wanted, now)
