"""`replay --truth`: the truth beside a fold, and what was said held against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.accuracy.report import Report
    from streams.accuracy.said import Said
    from streams.accuracy.scoring import Truth
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion
    from streams.domain.towers import Tower
    from streams.files.controls import Control


@dataclass(frozen=True, slots=True)
class Scoring:
    """The truth, and what is said as the fold goes on."""

    truth: Truth
    said: Said

    def report(self) -> Report:
        """Return the score from the clock of the first record to that of the last."""
        from streams.accuracy.report import Report  # noqa: PLC0415 - as below
        from streams.accuracy.scoring import scores  # noqa: PLC0415 - as below

        begin, until = self.said.begun or 0, self.said.ended or 0
        return Report(begin, until, scores(self.truth, self.said, begin, until))


def scoring_of(
    path: str,
    towers: Iterable[Tower],
    policy: Policy,
    areas: Sequence[AreaVersion],
    controls: Iterable[Control],
) -> Scoring:
    """Read a truth and work out the true colours; UnusableError where a row of it is bad."""
    # Shapely takes longer to load than a small replay does.
    from streams.accuracy.said import Said  # noqa: PLC0415
    from streams.accuracy.scoring import Truth  # noqa: PLC0415
    from streams.accuracy.tracks import tracks_of  # noqa: PLC0415
    from streams.files.truth import truth_of  # noqa: PLC0415

    where = [(tower.longitude, tower.latitude) for tower in towers]
    course = [(control.at, control.record) for control in controls]
    return Scoring(Truth.of(tracks_of(*truth_of(path)), where, policy, areas, course), Said())
