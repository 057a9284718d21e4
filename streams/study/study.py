"""The whole study: choose on some cities, check on others and in another country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.study.choice import choice
from streams.study.rules import ANY, CARD, OUR_POINT, OURS
from streams.study.running import run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.accuracy.scoring import Scored
    from streams.domain.towers import Tower
    from streams.study.case import Made
    from streams.study.choice import Choice
    from streams.study.running import Results


@dataclass(frozen=True, slots=True)
class Plan:
    """Cities to choose on and to check on, and (where towers are given) a place among those."""

    choosing: Sequence[Made]
    checking: Sequence[Made]
    towers: tuple[Tower, ...] = ()


@dataclass(frozen=True, slots=True)
class Study:
    """What came out: of each city, and what is chosen."""

    chosen_on: Sequence[Results]
    checked_on: Sequence[Results]
    abroad: Results | None
    choice: Choice

    def rules(self, cities: Sequence[Results]) -> dict[str, list[list[Scored]]]:
        """Return the scores of ours, the card's, any sighting and the proposals in each city."""
        proposed = {str(point): point for point in self.choice.proposed}
        named = [OURS.name, CARD.name, ANY.name, *(name for name in proposed if proposed[name] != OUR_POINT)]
        return {
            name: [one.rules[name] if name in one.rules else one.grid[proposed[name]] for one in cities]
            for name in named
        }


def study(plan: Plan, workers: int, done: Callable[[float], None]) -> Study:
    """Try everything; `done` is told how much of the work is done, 0 to 1."""
    fixed = (OURS, CARD, ANY)
    grid_share = 0.8 if plan.checking or plan.towers else 1.0
    chosen_on = run(
        [(made, fixed, True) for made in plan.choosing], workers, lambda part: done(part * grid_share)
    )
    found = choice(chosen_on)
    rules = (*fixed, *(point.rule() for point in found.proposed if point != OUR_POINT))
    others = list(plan.checking)
    if plan.towers:
        others.append(plan.choosing[0]._replace(towers=plan.towers))
    rest = run(
        [(made, rules, False) for made in others],
        workers,
        lambda part: done(grid_share + part * (1 - grid_share)),
    )
    checked_on = rest[: len(plan.checking)]
    return Study(chosen_on, checked_on, rest[-1] if plan.towers else None, found)
