"""The rounds of a contest: each contender once a round, so that what else the machine does hits all."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bench.peers import contest, latency, tools
from bench.peers.contenders import CONTENDERS, Contender, chosen
from streams import clock
from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bench.peers.ground import Ground
    from bench.peers.kept import Kept

RATES: Final = (5_000, 20_000, 60_000)
"""Events a second at which latency is measured."""
LATENCY: Final = "latency-"
LATENCIES: Final = tuple(
    one for one in CONTENDERS if one.name in {"ours-single", "streams-memory-eos-2-threads"}
)
LATENCY_SECONDS: Final = 36
WARM_UP: Final = next(one for one in CONTENDERS if one.name == "ours-single")
"""Whose run nobody keeps: a broker just started spends 6 s of CPU compiling, at the cost of who is first."""


@dataclass
class Contest:
    """Who takes part (`only`, a pattern), on which ground; `broker` is the broker's process id."""

    ground: Ground
    runs: Kept
    latencies: Kept
    only: str
    broker: int
    say: Callable[[str], None]
    missing: dict[str, str] = field(default_factory=dict)
    """Whoever could not be measured, and why."""

    def hold(self, rounds: int) -> None:
        """Make the rounds, but what is kept from before; the broker has worked before anything counts."""
        commands = self._commands()
        numbers = range(1, rounds + 1)
        if any(self._due(commands, number) for number in numbers):
            self._run(WARM_UP, [], 0)
        for number in numbers:
            for one in self._due(commands, number):
                if (found := self._run(one, commands[one.name], number)) is not None:
                    self.runs.add({"contender": one.name, "round": number} | found)
            for one in latencies(self.only):
                for rate in RATES:
                    named = {"contender": one.name, "round": number, "rate": rate}
                    if one.name in commands and not self.latencies.has(**named):
                        self._latency(one, commands[one.name], number, rate)

    def _commands(self) -> dict[str, list[str]]:
        """Return the command of each contender that can be run, an empty one for ours."""
        found: dict[str, list[str]] = {}
        for one in dict.fromkeys([*chosen(self.only), *latencies(self.only)]):
            try:
                found[one.name] = tools.command(one, self.ground.folder.parent) if one.tool else []
            except tools.MissingError as error:
                self._lost(one.name, str(error))
        return found

    def _due(self, commands: Mapping[str, list[str]], number: int) -> list[Contender]:
        """Return who can be run and has no run kept of a round."""
        return [
            one
            for one in chosen(self.only)
            if one.name in commands and not self.runs.has(contender=one.name, round=number)
        ]

    def _run(self, one: Contender, words: Sequence[str], number: int) -> dict[str, Any] | None:
        """Return what was measured, None where nothing could be."""
        try:
            found = contest.measured(self.ground, one, words, _named(one, number), self.broker)
        except (contest.FailedError, EngineError, TimeoutError) as error:
            self._lost(one.name, str(error))
            return None
        right = {None: "", True: ", outputs right", False: ", OUTPUTS WRONG"}[found.get("right")]
        rate, cpu = found["events"] / found["seconds"], found["cpu"] / found["events"] * 1e6
        self.say(f"round {number}: {one.name}: {rate:,.0f}/s, {cpu:.2f} µs CPU an event{right}")
        return found

    def _latency(self, one: Contender, words: Sequence[str], number: int, rate: int) -> None:
        try:
            found = latency.measured(self.ground, words, _named(one, number), rate, LATENCY_SECONDS)
        except (EngineError, TimeoutError, subprocess.SubprocessError) as error:
            self._lost(LATENCY + one.name, str(error))
            return
        self.latencies.add({"contender": one.name, "round": number} | found)
        self.say(
            f"round {number}: {LATENCY}{one.name} at {rate:,}/s: "
            f"p50 {found['p50_ms']:.0f} ms, p99 {found['p99_ms']:.0f} ms"
        )

    def _lost(self, name: str, why: str) -> None:
        self.missing[name] = why
        self.say(f"*** NOT MEASURED: {name}: {why}")


def latencies(only: str) -> list[Contender]:
    """Return whose latency is measured: those chosen by name or by LATENCY before it."""
    return [one for one in LATENCIES if re.search(only, LATENCY + one.name)]


def _named(one: Contender, number: int) -> str:
    """Return a name for a run's groups, transactions and log that none had before."""
    return f"{one.name}-{number}-{clock.now()}"
