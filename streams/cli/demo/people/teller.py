"""Tells the story: asks, waits, reads back, and stops at the first line that is not so."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

import click

from streams import codecs
from streams.people.commands import Command
from streams.people.evidence import facts_of
from streams.people.gate import check
from streams.people.strictness import GatePolicy

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cli.demo._screen import Screen
    from streams.cli.demo.people.cast import Cast, Character
    from streams.cli.demo.people.ledger import Ledger
    from streams.cli.demo.people.printing import Office
    from streams.cli.demo.people.reading import Read, Reading
    from streams.kafka.publishing import Publisher
    from streams.people.actors import Actor
    from streams.people.evidence import Evidence
    from streams.people.gate import Answer
    from streams.people.orders import Order
    from streams.people.strictness import Decision
    from streams.settings import Settings
    from streams.topics import Names

PATIENCE: Final = 180.0
"""Seconds to wait for a line: a worker that begins may have to compile its engine first."""
PLACE: Final = 26
"""Columns for where a line was read."""
GATE: Final = GatePolicy()


class WrongError(Exception):
    """What was read back is not what the story says; the message names the line."""


class Teller:
    """The people of the story, what they ask, and what was read of it; `told` counts the lines.

    `running` raises if the worker has ended; `now` gives unix seconds, `monotonic` seconds to wait by.
    """

    def __init__(
        self,
        settings: Settings,
        names: Names,
        cast: Cast,
        out: Publisher,
        reading: Reading,
        ledger: Ledger,
        office: Office,
        screen: Screen,
        *,
        running: Callable[[], None],
        now: Callable[[], int],
        monotonic: Callable[[], float],
    ) -> None:
        self.settings, self.names, self.cast, self.office, self.ledger = settings, names, cast, office, ledger
        self.now, self.told = now, 0
        self._out, self._reading, self._screen = out, reading, screen
        self._running, self._monotonic = running, monotonic
        self._commands = count(1)
        self._steps: set[str] = set()

    def chapter(self, title: str, *said: str) -> None:
        """Begin a chapter: its title, and what goes wrong where nothing is done about it."""
        self._screen.say("")
        self._screen.say(click.style(title, bold=True))
        for line in said:
            self._screen.say(f"  {line}")

    def says(self, line: str) -> None:
        """Print a sentence of the story: what the lines above it come to."""
        self._screen.say(f"  {click.style(line, bold=True)}")

    def send(self, topic: str, value: bytes, key: bytes, partition: int | None = None) -> None:
        """Publish a record and wait until it stands."""
        self._out.send(topic, value, key, partition)
        self._out.confirm()

    def ask(self, about: Character | bytes | str, body: Any, actor: Actor) -> str:
        """Put a command on `commands`, as the read side does for an authenticated actor; return its id."""
        aggregate = _aggregate(about)
        name = f"story-{next(self._commands)}"
        command = Command(name, aggregate, actor, self.now() * 1000, body)
        self.send(self.names.commands, codecs.encode_command(command), codecs.aggregate_key(aggregate))
        return name

    def read(self, told: str, topic: str, holds: Callable[[Read], bool]) -> Read:
        """Wait for a record of a topic (without prefix), tell of it and return it."""
        return self._wait(told, topic, lambda: next(filter(holds, self._reading.of(topic)), None))

    def recorded(self, told: str, topic: str, about: Character | bytes | str, *bodies: type) -> Any:
        """Wait for the latest fact of these kinds about somebody; return its body."""
        name = _aggregate(about)

        def found() -> Read | None:
            facts = [
                one
                for one in self._reading.of(topic)
                if getattr(one.value, "aggregate", None) == name and isinstance(one.value.body, bodies)
            ]
            return facts[-1] if facts else None

        return self._wait(told, topic, found).value.body

    def refused(self, told: str, command: str, code: str) -> None:
        """Wait until a command stands among the dead letters, and tell why."""

        def found() -> Read | None:
            asked = [one for one in self._reading.of("commands") if one.value.id == command]
            places = {(one.partition, one.offset) for one in asked}
            return next(
                (
                    one
                    for one in self._reading.of("dead-letters")
                    if one.value.topic == self.names.commands
                    and (one.value.partition, one.value.offset) in places
                ),
                None,
            )

        read = self._wait(f"{told}: {code}", "dead-letters", found)
        self.held(f"{told}: {code}", read.value.reason == code, read.value.reason)

    def settled(self, told: str, topic: str, key: bytes, holds: Callable[[Any], bool]) -> Any:
        """Wait until the last record under a key is so, tell of it and return its value."""

        def found() -> Read | None:
            last = next((one for one in reversed(self._reading.of(topic)) if one.key == key), None)
            return last if last is not None and holds(last.value) else None

        return self._wait(told, topic, found).value

    def still(self, told: str, topic: str, key: bytes, holds: Callable[[Any], bool]) -> None:
        """Read all that stands now, and tell that every record under a key is so, at least one."""
        found = self.all_of(topic, key)
        self.held(told, bool(found) and all(holds(one.value) for one in found), f"{len(found)} records")
        self._line(found[-1].place(), told)

    def all_of(self, topic: str, key: bytes) -> list[Read]:
        """Read all that stands now; return the records under a key."""
        self._reading.all_there_is()
        return [one for one in self._reading.of(topic) if one.key == key]

    def gate(
        self,
        told: str,
        shown: Evidence,
        wanted: Decision,
        *codes: str,
        orders: tuple[Order, ...] = (),
        by_proxy: bool = False,
    ) -> Answer:
        """Answer as a gate does from what was read back; tell decision and codes, and a next step once."""
        self._reading.all_there_is()
        now = self.now()
        facts = facts_of(shown, self.ledger.roll, now)
        answer = check(shown.kind, facts, GATE, orders, now, by_proxy=by_proxy)
        line = f"{told}: {click.style(wanted, bold=True)} ({', '.join(codes)})"
        found = f"{answer.decision} ({', '.join(answer.codes)})"
        self.held(line, (answer.decision, answer.codes) == (wanted, codes), found)
        self._line(f"gate, by {shown.kind.replace('_', ' ')}", line)
        if answer.step.en not in self._steps:
            self._steps.add(answer.step.en)
            self._screen.say(f"    {'':<{PLACE}}   {answer.step.en}")
        return answer

    def worked_out(self, where: str, told: str, *, holds: bool, found: str) -> None:
        """Tell what follows from what was read back."""
        self.held(told, holds, found)
        self._line(where, told)

    def held(self, told: str, holds: bool, found: str) -> None:  # noqa: FBT001 - an assertion's own argument
        """Stop where a line is not so."""
        if not holds:
            raise WrongError(f"{click.unstyle(told)!r} is not so; found {found}")

    def _wait(self, told: str, topic: str, found: Callable[[], Read | None]) -> Read:
        end = self._monotonic() + PATIENCE
        while (read := found()) is None:
            self._running()
            if self._monotonic() > end:
                last = [f"{one.what()} at {one.place()}" for one in self._reading.of(topic)[-1:]]
                raise WrongError(
                    f"{click.unstyle(told)!r} was not read within {PATIENCE:.0f} s; "
                    f"the last read of {topic}: {last[0] if last else 'nothing'}"
                )
            self._reading.look()
        self._line(read.place(), told)
        return read

    def _line(self, place: str, told: str) -> None:
        self.told += 1
        self._screen.say(f"    {click.style(f'{place:<{PLACE}}', dim=True)} {told}")


def _aggregate(about: Character | bytes | str) -> str:
    """Return what a command is about: an aggregate's name, a pseudonym, or somebody's own."""
    if isinstance(about, str):
        return about
    return (about if isinstance(about, bytes) else about.person).hex()
