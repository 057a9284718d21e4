"""A scenario of the end, read and run, in one of three forms.

A deployment: its `sunset`, the time `at` which somebody reads or purges, and `by` whom. A person: what holds
of them (`signal`, reasons `until day N`, or for good), and `steps` in which erasure is asked for at noon, by
`who`, at an `office`, by an `officer` or a `gate`, `for` somebody else; `erased` is the first day whose noon
finds it to be carried out. A phone: `given`, the steps of phones_course.py, and `forgets`: a holder who is
erased; `named` is whom it names then, `gone` the ends of the keys that are marked for removal, and `also` the
other pseudonyms to be erased.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from streams.people.actors import Actor
from streams.people.aggregates import decided, nothing_known, numbered, recorded
from streams.people.commands import Command, Refused
from streams.people.erasure import SYSTEM, ErasePerson, ErasureProposed, rules
from streams.people.forgetting import forgotten, names_of, people_of, tombstones
from streams.people.receipt import refusal
from streams.people.sunset import sunset
from tests.people.declared_course import NOON, ROLES, person
from tests.people.gate_course import at, read_reasons
from tests.people.phones_course import PHONE, Course
from tests.scenarios.notation import phone, phone_name, seconds

LAST: Final = 60
"""The last day looked at."""


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    expect: dict[str, Any]
    sunset: str | None = None
    at: str | None = None
    by: list[str] = field(default_factory=list)
    signal: str = ""
    window_days: int = 14
    steps: list[dict[str, Any]] = field(default_factory=list)
    given: list[dict[str, Any]] = field(default_factory=list)

    def outcome(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        if self.given:
            return ForgettingCourse().through(self.given).told(self.expect)
        found = self._deployment() if self.at is not None else self._person()
        return {key: found[key] for key in self.expect}

    def _deployment(self) -> dict[str, Any]:
        assert self.at is not None
        end, now = None if self.sunset is None else seconds(f"{self.sunset} 00:00"), seconds(self.at)
        gone, refused = sunset(end, now), refusal(end, now, tuple(self.by))
        problem = None if gone is None else gone.problem()
        return {
            "answer": "answered" if problem is None else f"{problem['status']} {problem['code']}",
            "purge": "done" if refused is None else refused.code,
        }

    def _person(self) -> dict[str, Any]:
        known, outcomes = nothing_known(RULES(self.window_days)), []
        for number, step in enumerate(self.steps):
            command = _command(dict(step), f"c-{number}")
            made = decided(RULES(self.window_days), known, command)
            if isinstance(made, Refused):
                outcomes.append(made.code)
                continue
            outcomes.append("proposed" if isinstance(made[0].body, ErasureProposed) else "requested")
            for fact in made:
                known = recorded(RULES(self.window_days), known, fact)
        days = [day for day in range(1, LAST) if (at(day) + NOON) * 1000 >= known.state.at]
        done = (day for day in days if known.state.ready(self._reasons(day), at(day) + NOON))
        day = next(done, None)
        return {"outcomes": outcomes, "erased": "never" if day is None else f"day {day}"}

    def _reasons(self, day: int) -> Any:
        said, _, until = self.signal.partition(" until ")
        over = until and at(day) + NOON >= at(until)
        return () if over or not said else read_reasons(said)


def RULES(window_days: int) -> Any:  # noqa: N802 - the aggregate's rules, as elsewhere
    return rules(lambda: window_days)


def _command(step: dict[str, Any], name: str) -> Command[Any]:
    role = next(key for key in ROLES if key in step)
    who = step.pop(role)
    actor = Actor(person(who) if role == "who" else who, ROLES[role], "lane-7" if role == "office" else None)
    whose, now = step.pop("for", who), at(step.pop("day")) + NOON
    body = ErasePerson(step.pop("ticket", ""))
    assert not step, step
    return Command(name, person(whose), actor, now * 1000, body)


class ForgettingCourse(Course):
    """A phone's course in which holders are erased too."""

    def __init__(self) -> None:
        super().__init__()
        self.gone: list[str] = []
        self.also: list[str] = []

    def through(self, steps: list[dict[str, Any]]) -> ForgettingCourse:
        """Play the steps, the erasures among them."""
        for number, step in enumerate(steps):
            if "forgets" in step:
                self.now = seconds(step["at"])
                self.forget(phone(step["forgets"]))
            else:
                self.play([{"command": f"c-{number}", **step}])
        return self

    def forget(self, name: bytes) -> None:
        """Forget a holder, as the agent does."""
        state = self.known.state
        self.also += [phone_name(other) for other in sorted(names_of(state, name) - {name})]
        bodies = forgotten(state, name)
        self.gone += [end for body in bodies for end in tombstones(body)]
        self._take(numbered(self.known, PHONE.hex(), "erased", SYSTEM, self.now * 1000, bodies))

    def told(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """Return what came of it, of what is asked for."""
        mine = {
            "named": sorted(map(phone_name, people_of(self.known.state))),
            "gone": sorted(self.gone),
            "also": self.also,
        }
        found = super().told({key: value for key, value in wanted.items() if key not in mine})
        if "kept" in found:
            found["kept"] = {
                who: said for who, said in found["kept"].items() if who.isascii() and who.isprintable()
            }
        return found | {key: mine[key] for key in wanted if key in mine}
