"""Counts as they may be published: the one door through which every count of people leaves (rule 17.3).

What is published of people is a function of `released` counts alone, so whoever reads it learns of each count
in which band of k it lies, and no more. That holds as long as nothing is published that ties counts together:
no total over cells of which some are hidden, no share of exact counts (docs/disclosure.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K: Final = 15
"""Fewer people than this are not counted."""
Released = NewType("Released", int)
"""A count as it may be published: a multiple of k. Only this module makes one."""


def released(count: int, k: int = K) -> Released | None:
    """Return a count of people as it may be published: None under k, else rounded down to a multiple of k.

    ValueError for a count below 0: rounded down it would tell of people who are not there.
    """
    if count < 0:
        raise ValueError(f"count: expected 0 or more, found {count}")
    return None if count < k else Released(count - count % k)


def together(counts: Iterable[Released | None]) -> Released:
    """Return what released counts come to, at least: the only total that tells nothing more than they do."""
    return Released(sum(count or 0 for count in counts))


def percent(part: Released | None, whole: Released | None) -> int | None:
    """Return a share in whole per cent, rounded down, of released counts; None where either is hidden."""
    return None if part is None or not whole else 100 * part // whole


@dataclass(frozen=True, slots=True)
class Summed:
    """Acts of officials, as they may be published: of these offices, how many; exact, and k or more.

    Of each office all from its week in `since` through `last`; weeks by their number from 0.
    """

    offices: tuple[str, ...]
    since: tuple[int, ...]
    last: int
    count: int

    @property
    def first(self) -> int:
        """Return the first week of any."""
        return min(self.since)


def summed(weeks: Iterable[Mapping[str, int]], k: int = K) -> tuple[Summed, ...]:
    """Sum counts of officials' acts, by office a week, over weeks and offices until each sum is k (17.3).

    Each week, what an office has waiting is a sum once it is k; the others that wait are one together, once
    they come to k. Each act is in one sum, and a sum stays as it is however many weeks follow: whoever
    compares two publications learns no smaller number, if earlier weeks are given as before. None is
    dropped: what waits comes later.
    """
    found: list[Summed] = []
    waiting: dict[str, tuple[int, int]] = {}
    for week, counts in enumerate(weeks):
        for office, count in counts.items():
            if count > 0:
                since, before = waiting.get(office, (week, 0))
                waiting[office] = since, before + count
        due: list[tuple[str, ...]] = [(office,) for office, (_, count) in waiting.items() if count >= k]
        rest = tuple(sorted(office for office, (_, count) in waiting.items() if count < k))
        if sum(waiting[office][1] for office in rest) >= k:
            due.append(rest)
        for offices in sorted(due):
            taken = [waiting.pop(office) for office in offices]
            count = sum(count for _, count in taken)
            found.append(Summed(offices, tuple(since for since, _ in taken), week, count))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class HexCount:
    """Phones by colour in a hex as an hour began at `at` (unix ms): at least so many; None: fewer than k."""

    hex: int
    at: int
    red: Released | None
    yellow: Released | None
    green: Released | None
    unknown: Released | None
