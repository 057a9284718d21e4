"""Precision, recall and delay by colour and stratum, false reds by cause: as values, as text, as JSON."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.accuracy.causes import CAUSES
from streams.accuracy.definition import COLOURS, HOUR, JUDGED, UNKNOWN
from streams.accuracy.homes import STRATA

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.accuracy.scoring import Scored
    from streams.accuracy.tracks import Ints

ALL: Final = "all"
GROUPS: Final = (*STRATA, ALL)
_LATE: Final = 90
"""Percent: beside the median delay that which so many stay under."""


@dataclass(frozen=True, slots=True)
class Figures:
    """How often one colour is right among some phones.

    Only what the truth tells something of counts. `precision` and `recall` are of hours, None where there are
    none; `found` of `true` episodes were said at some time, `right` of `said` ones were true at some time;
    hours of delay, None where nothing was found.
    """

    precision: float | None
    recall: float | None
    found: int
    true: int
    right: int
    said: int
    delay: float | None
    delay_90: float | None


def of_group(scored: Sequence[Scored], group: str) -> list[Scored]:
    """Return the phones of a stratum, or all."""
    return [one for one in scored if group in (ALL, one.stratum)]


def seconds(scored: Sequence[Scored]) -> Ints:
    """Return the seconds of phones' time, [true colour, said colour]."""
    found: Ints = sum((one.seconds for one in scored), np.zeros((len(COLOURS), len(COLOURS)), np.int64))
    return found


def figures(scored: Sequence[Scored], colour: int) -> Figures:
    """Work out how often a colour is right."""
    table = seconds(scored)
    true = [episode for one in scored for episode in one.true if episode.colour == colour]
    said = [episode for one in scored for episode in one.said if episode.colour == colour]
    delays = [episode.delay / HOUR for episode in true if episode.delay is not None]
    return Figures(
        precision=share(table[colour, colour], table[JUDGED, colour].sum()),
        recall=share(table[colour, colour], table[colour].sum()),
        found=sum(episode.met for episode in true),
        true=len(true),
        right=sum(episode.met for episode in said),
        said=len(said),
        delay=median(delays) if delays else None,
        delay_90=float(np.percentile(delays, _LATE)) if delays else None,
    )


def share(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return float(part / whole) if whole else None


@dataclass(frozen=True, slots=True)
class FalseReds:
    """False reds of one cause: how many, of how many phones, and for how many hours in all."""

    times: int
    phones: int
    hours: float


def false_reds(scored: Sequence[Scored]) -> dict[str, FalseReds]:
    """Return the false reds by cause, in the order of CAUSES, those that occur."""
    times, phones, length = Counter[str](), Counter[str](), Counter[str]()
    for one in scored:
        times.update(red.cause for red in one.false_reds)
        phones.update({red.cause for red in one.false_reds})
        for red in one.false_reds:
            length[red.cause] += red.end - red.start
    return {c: FalseReds(times[c], phones[c], length[c] / HOUR) for c in CAUSES if c in times}


@dataclass(frozen=True, slots=True)
class Report:
    """The score of a run over [begin, until) (unix seconds)."""

    begin: int
    until: int
    scored: Sequence[Scored]

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON's values; times are unix seconds, shares and hours rounded."""
        return {
            "from": self.begin,
            "until": self.until,
            "phones": {group: len(of_group(self.scored, group)) for group in GROUPS},
            "colours": {
                COLOURS[colour]: {g: _as_dict(figures(of_group(self.scored, g), colour)) for g in GROUPS}
                for colour in JUDGED
            },
            "hours": {group: _hours(of_group(self.scored, group)) for group in GROUPS},
            "false_reds": {
                cause: {"times": found.times, "phones": found.phones, "hours": round(found.hours, 2)}
                for cause, found in false_reds(self.scored).items()
            },
        }

    def as_text(self) -> str:
        """Return it as lines."""
        lines = [
            "",
            f"{'how often right':<17}precision  recall      found      right   hours late   90 % under",
        ]
        for colour in JUDGED:
            for group in GROUPS:
                found = figures(of_group(self.scored, group), colour)
                ratios = (f"{found.found}/{found.true}", f"{found.right}/{found.said}")
                precision, recall = _shown(found.precision, 3), _shown(found.recall, 3)
                lines.append(
                    f"{COLOURS[colour]:<8}{group:<9}{precision:>9}{recall:>8}"
                    f"{ratios[0]:>11}{ratios[1]:>11}"
                    f"{_shown(found.delay, 1):>13}{_shown(found.delay_90, 1):>13}"
                )
        return "\n".join([*lines, self._unknown(), *self._false_reds()])

    def _unknown(self) -> str:
        table = seconds(self.scored) / HOUR
        parts = ", ".join(f"{table[colour, UNKNOWN]:.0f} h truly {COLOURS[colour]}" for colour in JUDGED)
        untold = table[UNKNOWN].sum()
        return f"said unknown  {parts}" + (f"; {untold:.0f} h without a truth" if untold else "")

    def _false_reds(self) -> list[str]:
        found = false_reds(self.scored)
        times, hours = sum(one.times for one in found.values()), sum(one.hours for one in found.values())
        lines = [f"false reds    times {times}, hours {hours:.1f}"]
        for name, one in found.items():
            lines.append(f"  {name:<12}times {one.times}, phones {one.phones}, hours {one.hours:.1f}")
        return lines


def _as_dict(found: Figures) -> dict[str, Any]:
    return {
        "precision": _rounded(found.precision, 4),
        "recall": _rounded(found.recall, 4),
        "true_episodes": {"all": found.true, "found": found.found},
        "said_episodes": {"all": found.said, "right": found.right},
        "delay_hours": {"median": _rounded(found.delay, 2), "90": _rounded(found.delay_90, 2)},
    }


def _hours(scored: Sequence[Scored]) -> dict[str, dict[str, float]]:
    table = seconds(scored) / HOUR
    return {
        true: {said: round(float(table[i, j]), 2) for j, said in enumerate(COLOURS)}
        for i, true in enumerate(COLOURS)
    }


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _shown(value: float | None, digits: int) -> str:
    # Adding 0 makes of what is rounded to -0.0 a plain 0.
    return "-" if value is None else f"{round(value, digits) + 0.0:.{digits}f}"
