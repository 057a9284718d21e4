"""Checks at a gate over the roll alone: what the slowest of a hundred takes (12.3), and what the roll takes.

A script of its own, so that memory is the people's alone: it prints milliseconds, and bytes a person.
"""

from __future__ import annotations

import gc
import random
import sys
import time
from typing import TYPE_CHECKING, Final

from streams.bench.crowd import DAY, NOW, check_of, name_of, remembered
from streams.bench.spent import MARK
from streams.bench.working import peak_bytes
from streams.people.evidence import Document, Pass, PhoneAndDigits, facts_of
from streams.people.gate import check
from streams.people.orders import Order
from streams.people.strictness import GatePolicy

if TYPE_CHECKING:
    from streams.people.evidence import Evidence
    from streams.people.roll import Roll

CHECKS: Final = 20_000
SHARE: Final = 0.99
"""So many of the checks take no longer."""
MILLI: Final = 1000
ORDERS: Final = (
    Order("a", 1, "c", "office", ("Wang", "Li"), "crowded", 0, NOW + DAY, {"green": "register"}),
    Order("b", 1, "c", "office", ("Wang", "Li"), "crowded", 0, NOW + DAY, signal_required=True),
)


def p99_ms(roll: Roll, people: int, seed: int = 1) -> float:
    """Return the 99th percentile of a check, in CPU milliseconds, with so many people on the roll.

    There are two orders, and evidence is of each kind. A check waits for nothing, so its CPU time is its time
    on a core of its own.
    """
    choice = random.Random(seed)  # noqa: S311 - a bench that repeats itself
    roll.passes |= {name_of(number): name_of(number) for number in range(people)}
    policy = GatePolicy()
    shown = [_evidence(choice.randrange(people), number) for number in range(CHECKS)]
    took: list[float] = []
    for one in shown:
        begun = time.process_time()
        found = facts_of(one, roll, NOW)
        check(one.kind, found, policy, ORDERS, NOW)
        took.append(time.process_time() - begun)
        if found is None:
            raise RuntimeError("somebody on the roll was not found: nothing was measured")
    return sorted(took)[int(CHECKS * SHARE)] * MILLI


def _evidence(person: int, number: int) -> Evidence:
    name = name_of(person)
    several: tuple[Evidence, ...] = (
        Pass(name),
        Document(name),
        PhoneAndDigits(name_of(person, 1), check_of(person)),
    )
    return several[number % len(several)]


def main(people: int) -> str:
    """Return the line with both figures."""
    gc.collect()
    gc.freeze()
    before = peak_bytes()
    persons = remembered(people)
    taken = peak_bytes() - before
    return f"\n{MARK} {p99_ms(persons.roll, people)} {taken / people}"


if __name__ == "__main__":
    print(main(int(sys.argv[1])))  # noqa: T201 - its answer
