"""A small world: one square area, towers wherever they are named, a truth and sightings by the hour."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from streams.accuracy.said import Said
from streams.accuracy.scoring import Scored, Truth, scores
from streams.accuracy.tracks import tracks_of
from streams.domain.fold import Fold
from streams.domain.hexes import cell_of
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished, TimeAdvanced
from streams.files.controls import Control
from streams.files.journal import journal_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import Geometry

HOUR: Final = 3600
DAY: Final = 24 * HOUR
BEGIN: Final = 1_580_601_600
"""2020-02-02T00:00:00Z."""
Spot = tuple[float, float]
INSIDE: Final[Spot] = (121.2, 28.5)
BESIDE: Final[Spot] = (121.256, 28.5)
"""600 m east of the area's edge."""
NEAR: Final[Spot] = (121.28, 28.5)
"""3 km east of it."""
AWAY: Final[Spot] = (121.34, 28.5)
"""9 km east of it, 14 from its middle."""
FAR: Final[Spot] = (121.4, 28.5)
PHONE: Final = bytes.fromhex("1a" * 16)


def square(half: float, middle: Spot = INSIDE) -> Geometry:
    west, east, south, north = middle[0] - half, middle[0] + half, middle[1] - half, middle[1] + half
    return (((((west, south), (east, south), (east, north), (west, north), (west, south))),),)


AREA: Final = AreaVersion("market", 1, square(0.05), 0)


@dataclass
class Scene:
    """What is, what is seen and what enters; times are hours from BEGIN."""

    truth: list[tuple[float, float, Spot]] = field(default_factory=list)
    seen: list[tuple[float, Spot]] = field(default_factory=list)
    areas: Sequence[AreaVersion] = (AREA,)
    course: list[tuple[float, AreaPublished | PolicyPublished]] = field(default_factory=list)
    policy: Policy = field(default_factory=lambda: Policy(min_days=0))
    until: float = 20 * 24

    def was(self, start: float, end: float, spot: Spot) -> Scene:
        self.truth.append((start, end, spot))
        return self

    def sees(self, start: float, end: float, spot: Spot) -> Scene:
        """See a phone every quarter of an hour, `end` included."""
        step = 0.25
        self.seen += [(start + step * number, spot) for number in range(int((end - start) / step) + 1)]
        return self

    def scored(self) -> Scored:
        """Fold it and score the one phone."""
        controls = [Control(at(hour), replace(entering, clock=at(hour))) for hour, entering in self.course]
        controls.append(Control(at(self.until), TimeAdvanced(at(self.until))))
        resolution = self.policy.resolution
        sightings = ((at(hour), PHONE, cell_of(*spot, resolution), False) for hour, spot in sorted(self.seen))
        fold, said = Fold(Deployment(), self.policy, self.areas), Said()
        for offset, record in enumerate(journal_of(sightings, controls, None, self.policy.slot_minutes)):
            outcome = fold.apply(record, offset)
            assert outcome.refused is None
            said.take(record, outcome.changes)
        starts, ends = [at(row[0]) for row in self.truth], [at(row[1]) for row in self.truth]
        lon, lat = ([row[2][axis] for row in self.truth] for axis in (0, 1))
        phones = [PHONE] if self.truth else []
        tracks = tracks_of(phones, [0] * len(starts), starts, ends, lon, lat)
        course = [(control.at, control.record) for control in controls]
        truth = Truth.of(tracks, [], self.policy, self.areas, course)
        assert said.begun is not None
        assert said.ended is not None
        [found] = scores(truth, said, said.begun, said.ended)
        return found


def at(hour: float) -> int:
    return BEGIN + round(hour * HOUR)


def hours(scored: Scored) -> dict[tuple[str, str], float]:
    """Return the hours by true and said colour, those that are not 0."""
    names = ("unknown", "green", "yellow", "red")
    return {
        (true, said): float(scored.seconds[i, j]) / HOUR
        for i, true in enumerate(names)
        for j, said in enumerate(names)
        if scored.seconds[i, j]
    }
