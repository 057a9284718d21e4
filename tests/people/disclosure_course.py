"""A scenario of what is published of counts, read and run.

`slots` are times of one day, each with hexes by letter and their phones by colour; a list has a partition an
item, and one that is `behind` says nothing of that time. `weeks` are officials' acts by office.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from streams.columns.hex_counts import HexTotals
from streams.people.disclosure import HexCount, Summed, summed
from tests.people.counted import partial_of

COLOURS: Final = ("red", "yellow", "green", "unknown")
BEHIND: Final = "behind"
MINUTE: Final = 60_000


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    expect: dict[str, Any]
    slots: dict[str, Any] = field(default_factory=dict)
    weeks: list[dict[str, int]] = field(default_factory=list)

    def outcome(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        sums = [f"{' and '.join(_offices(one))}: {one.count}" for one in summed(self.weeks)]
        return {key: {"told": self.told(), "sums": sums}[key] for key in self.expect}

    def told(self) -> list[str]:
        rows = [row if isinstance(row, list) else [row] for row in self.slots.values()]
        totals, found = HexTotals(max(map(len, rows), default=1)), list[HexCount]()
        for number, (time, row) in enumerate(zip(self.slots, rows, strict=True)):
            for partition, hexes in enumerate(row):
                if hexes != BEHIND:
                    found += totals.take(partial_of(partition, at_of(time), _counts(hexes)), number)
        return [_line(one) for one in found]


def at_of(time: str) -> int:
    hours, minutes = time.split(":")
    return (int(hours) * 60 + int(minutes)) * MINUTE


def _counts(hexes: dict[str, dict[str, int]]) -> dict[int, list[int]]:
    return {ord(cell): [found.get(colour, 0) for colour in COLOURS] for cell, found in hexes.items()}


def _line(one: HexCount) -> str:
    minutes = one.at // MINUTE
    shown = [f"{colour} {getattr(one, colour)}" for colour in COLOURS if getattr(one, colour) is not None]
    return f"{minutes // 60:02}:{minutes % 60:02} {chr(one.hex)}: {', '.join(shown) or 'nobody'}"


def _offices(one: Summed) -> list[str]:
    last = one.last + 1
    return [
        f"{office} week {last}" if since == one.last else f"{office} weeks {since + 1} to {last}"
        for office, since in zip(one.offices, one.since, strict=True)
    ]
