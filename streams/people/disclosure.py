"""Counts as they may be published (rule 17.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

K: Final = 15
"""Fewer people than this are not counted."""


def released(count: int, k: int = K) -> int | None:
    """Return a count of people as it may be published: None under k, else rounded down to a multiple of k."""
    return None if count < k else count - count % k


def percent(part: int | None, whole: int | None) -> int | None:
    """Return a share in whole per cent, rounded down, of released counts; None where either is hidden."""
    return None if part is None or not whole else 100 * part // whole


@dataclass(frozen=True, slots=True)
class Summed:
    """Acts of officials, as they may be published: whose offices', from which week through which, how many.

    `count` is k or more. Weeks are those that were given, by their number from 0.
    """

    offices: tuple[str, ...]
    first: int
    last: int
    count: int


def summed(weeks: Iterable[Mapping[str, int]], k: int = K) -> tuple[Summed, ...]:
    """Sum counts of officials' acts, by office a week, over weeks and offices until each sum is k.

    A sum once published stays as it is; what is under k waits for the weeks that follow.
    """
    found: list[Summed] = []
    waiting: dict[str, tuple[int, int]] = {}
    for week, counts in enumerate(weeks):
        for office, count in counts.items():
            since, before = waiting.get(office, (week, 0))
            if count:
                waiting[office] = since, before + count
        due: list[tuple[str, ...]] = [(office,) for office, (_, count) in waiting.items() if count >= k]
        rest = tuple(sorted(office for office, (_, count) in waiting.items() if count < k))
        if sum(waiting[office][1] for office in rest) >= k:
            due.append(rest)
        for offices in sorted(due):
            taken = [waiting.pop(office) for office in offices]
            found.append(Summed(offices, min(taken)[0], week, sum(count for _, count in taken)))
    return tuple(found)
