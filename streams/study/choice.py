"""Which points of the grid do better than ours, in red's hours, and which of them to propose."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, NamedTuple

from streams.accuracy.definition import RED
from streams.accuracy.report import figures
from streams.study.rules import OUR_POINT, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.accuracy.scoring import Scored
    from streams.study.running import Results


class Ratio(NamedTuple):
    """Precision and recall of red's hours; 0 where there are none."""

    precision: float
    recall: float

    @property
    def balance(self) -> float:
        """Return their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if any(self) else 0.0

    def beats(self, other: Ratio) -> bool:
        """Say whether it is better in one and not worse in the other."""
        return self != other and self.precision >= other.precision and self.recall >= other.recall


def ratio(scored: Sequence[Scored]) -> Ratio:
    """Return red's precision and recall."""
    found = figures(scored, RED)
    return Ratio(found.precision or 0.0, found.recall or 0.0)


def pooled(results: Sequence[Results], point: Point) -> list[Scored]:
    """Return the scores of several cities at one point."""
    return list(chain.from_iterable(one.grid[point] for one in results))


@dataclass(frozen=True, slots=True)
class Choice:
    """The grid as ratios, the points that beat ours, and those proposed, each with what it is best in."""

    ratios: dict[Point, Ratio]
    better: list[Point]
    proposed: dict[Point, str]


def choice(results: Sequence[Results]) -> Choice:
    """Choose on these cities alone."""
    ratios = {point: ratio(pooled(results, point)) for point in sorted(results[0].grid)}
    ours = ratios[OUR_POINT]
    better = [point for point, found in ratios.items() if found.beats(ours)]
    proposed: dict[Point, str] = {}
    for best, value in _WANTED.items():
        point = max(ratios, key=lambda p: (value(ratios[p], ours), _nearness(p)))
        proposed[point] = f"{proposed[point]}; {best}" if point in proposed else best
    return Choice(ratios, better, proposed)


_WANTED: Final[dict[str, Callable[[Ratio, Ratio], tuple[float, ...]]]] = {
    "fewer accused, no more missed": lambda one, ours: (one.recall >= ours.recall, one.precision),
    "fewer missed, no more accused": lambda one, ours: (one.precision >= ours.precision, one.recall),
    "best balance": lambda one, _: (one.balance,),
    "fewest accused": lambda one, _: (one.precision,),
    "fewest missed": lambda one, _: (one.recall,),
}
"""What one may want, and what is then the highest."""


def _nearness(point: Point) -> tuple[int, ...]:
    """Return what is highest near our point: of equal points that is taken which changes least."""
    away = (abs(one - other) for one, other in zip(_steps(point), _steps(OUR_POINT), strict=True))
    total = -sum(away)
    return (total, -point.stay, -point.fringe, -point.rings)


def _steps(point: Point) -> tuple[int, int, int]:
    return point.stay // 60, point.fringe, point.rings
