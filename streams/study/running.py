"""Trials of several cities side by side, each process keeping the city it works on."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

from streams.study.case import Case, Made
from streams.study.rules import FRINGES, RINGS, STAYS, Point
from streams.study.trials import along_stays, of_rest, of_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.accuracy.scoring import Scored
    from streams.study.rules import Rule

Pair: TypeAlias = tuple[int, int]
"""fringe_rings and pingpong_rings."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one process does at once: a rule, a line of the grid, or else the phones that no rule touches."""

    made: Made
    rule: Rule | None = None
    pair: Pair | None = None


@dataclass(slots=True)
class Results:
    """Scores of one city: of everybody by rule, and by point of the grid."""

    made: Made
    rules: dict[str, list[Scored]] = field(default_factory=dict)
    grid: dict[Point, list[Scored]] = field(default_factory=dict)
    rest: list[Scored] = field(default_factory=list)


def run(
    cities: Sequence[tuple[Made, Sequence[Rule], bool]], workers: int, done: Callable[[float], None]
) -> list[Results]:
    """Try rules on cities, and the whole grid where asked; the same whatever the number of workers.

    `done` is told how much of the work is done, 0 to 1.
    """
    tasks = [task for made, rules, grid in cities for task in _tasks(made, rules, grid=grid)]
    found = {made: Results(made) for made, _, _ in cities}
    with ProcessPoolExecutor(workers) as pool:
        for number, (task, parts) in enumerate(zip(tasks, pool.map(work, tasks), strict=True), start=1):
            _take(found[task.made], task, parts)
            done(number / len(tasks))
    for results in found.values():
        _complete(results)
    return list(found.values())


def work(task: Task) -> dict[Point | None, list[Scored]]:
    """Do one task; its scores by point of the grid, None where it is of none."""
    case = _case(task.made)
    if task.pair is not None:
        return dict(along_stays(case, *task.pair, STAYS).items())
    return {None: of_rest(case) if task.rule is None else of_rule(case, task.rule)}


@lru_cache(maxsize=1)
def _case(made: Made) -> Case:
    return Case.of(made)


def _tasks(made: Made, rules: Iterable[Rule], *, grid: bool) -> list[Task]:
    pairs = [Task(made, pair=pair) for pair in product(FRINGES, RINGS)] if grid else []
    return [Task(made), *(Task(made, rule=rule) for rule in rules), *pairs]


def _take(results: Results, task: Task, parts: dict[Point | None, list[Scored]]) -> None:
    for point, scored in parts.items():
        if point is not None:
            results.grid[point] = scored
        elif task.rule is not None:
            results.rules[task.rule.name] = scored
        else:
            results.rest = scored


def _complete(results: Results) -> None:
    """Add to each result the phones that it does not touch."""
    everybody = results.made.phones
    for scores in (*results.rules.values(), *results.grid.values()):
        if len(scores) < everybody:
            scores.extend(results.rest)
