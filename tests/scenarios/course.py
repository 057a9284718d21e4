"""A scenario run: its steps folded as `replay` and the worker fold them, and what came out as rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.codecs.changes import change_json
from streams.domain import areas as risk
from streams.domain.explain import explained
from streams.domain.fold import Fold
from streams.domain.policy import Deployment, PolicyError, check, policy_from
from streams.window.window import Window
from tests.scenarios import doors, notation, steps
from tests.scenarios.notation import time_text
from tests.scenarios.places import RESOLUTION, UnreadableError, cell
from tests.scenarios.rows import Row, rows
from tests.scenarios.steps import Keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from streams.domain.records import AreaVersion, ColourChanged, Record


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    given: list[Row]
    expect: list[Row]
    policy: Row = field(default_factory=dict)
    deployment: Row = field(default_factory=dict)
    partition: int = 0
    areas: list[str | Row] = field(default_factory=lambda: ["A"])
    colours: dict[str, dict[str, str]] = field(default_factory=dict)
    explained: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    warned: list[list[str]] | None = None


class Course:
    """A scenario while it runs."""

    def __init__(self, scenario: Scenario, folder: Path) -> None:
        self.deployment = Deployment(**scenario.deployment)
        policy = policy_from(notation.thresholds(scenario.policy), 0)
        self.areas = [_standing(area) for area in scenario.areas]
        self.fold = Fold(self.deployment, policy, self.areas, scenario.partition)
        self.window = Window(self.deployment, policy, self.areas, scenario.partition)
        self.outcomes: list[ColourChanged | Row] = []
        self._folder, self._offset = folder, 0
        try:
            check(policy, self.deployment)
        except PolicyError as error:
            self.outcomes.append({"refused": str(error)})
            return
        for step in scenario.given:
            for one in self._entered(Keys.of(step)):
                self._take(one)

    def _entered(self, keys: Keys) -> Iterator[Record | str]:
        """Yield the journal records of a step, or why there is none."""
        policy = self.fold.rules.policy
        if "sent" in keys.left:
            yield from doors.from_a_carrier(keys, policy, self.deployment)
        elif "rows" in keys.left:
            yield from doors.from_files(keys, policy, self.deployment, self._folder)
        elif "tower" in keys.left:
            stands_in, coarse = steps.tower(keys).placed(policy.resolution, policy.coarse_range_m)
            self.outcomes.append({"hex": f"{stands_in:x}", "coarse": coarse})
        else:
            appended = keys.time("appended", None)
            record = steps.record(keys, policy)
            if appended is None:
                yield record
            else:
                admitted = doors.through_the_journal(record, appended, policy, self.deployment)
                self._offset += isinstance(admitted, str)
                yield admitted
        keys.done()

    def _take(self, entered: Record | str) -> None:
        if isinstance(entered, str):
            self.outcomes.append({"dead_letter": entered})
            return
        outcome = self.fold.apply(entered, self._offset)
        assert self.window.apply(entered, self._offset) == outcome
        self._offset += 1
        self.outcomes.extend(outcome.changes)
        if outcome.refused is not None:
            self.outcomes.append({"refused": outcome.refused})
        if outcome.too_late:
            self.outcomes.append({"too_late": outcome.too_late})

    @property
    def changes(self) -> list[ColourChanged]:
        return [one for one in self.outcomes if not isinstance(one, dict)]

    def bytes(self) -> list[str]:
        return [change_json(change) for change in self.changes]

    def rows(self, expected: list[Row]) -> list[Row]:
        """Return what came out, in the words of what is expected."""
        return rows(self.outcomes, expected)

    def colour(self, time: str, name: str) -> str:
        """Return a phone's colour at a clock that the journal has reached."""
        instant = notation.seconds(time)
        if self.fold.clock is None or instant > self.fold.clock:
            raise UnreadableError(f"{time} is not reached: add a step that lets time pass")
        past = [c for c in self.changes if c.effective_at <= instant and c.phone == notation.phone(name)]
        return past[-1].colour if past else "unknown"

    def explained(self, name: str, asked: Mapping[str, list[str]]) -> dict[str, list[str]]:
        """Return what is said of a phone at the end: its visits, and what was discounted."""
        found = explained(self.fold, notation.phone(name))
        if found is None:
            return {}
        places = {cell(_place_of(text)): _place_of(text) for text in asked.get("discounted", [])}
        shown = {
            "evidence": [f"{area} from {time_text(s)} until {time_text(u)}" for area, s, u in found.evidence],
            "discounted": [
                f"{time_text(start)} {places.get(seen_in, hex(seen_in))} by {rule}"
                for start, seen_in, rule in found.discounted
            ],
        }
        return {key: sorted(shown[key]) for key in asked}

    def warned(self) -> list[list[str]]:
        """Return the areas that each warning names."""
        texts = risk.warnings(self.fold.versions.values(), self.fold.rules.policy)
        return [[name for name in sorted(self.fold.versions) if repr(name) in text] for text in texts]


def _standing(area: str | Row) -> AreaVersion:
    keys = Keys.of({"area": area} if isinstance(area, str) else area)
    found = steps.area(keys)
    keys.done()
    refused = risk.refusal(found, RESOLUTION)
    if refused is not None:
        raise UnreadableError(refused)
    return found


def _place_of(text: str) -> str:
    """Return the place of `day 1 08:00 100 km east by 3.2`."""
    return " ".join(text.split(" ")[3:-2])
