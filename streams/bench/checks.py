"""Checks at a gate over the roll alone, in this process: what the slowest of a hundred takes (rule 12.3)."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Final

from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, ColourChanged, Reason
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.codes.digits import VALUES
from streams.people.evidence import Document, Pass, PhoneAndDigits, facts_of
from streams.people.gate import check
from streams.people.inheritance import witnessed
from streams.people.orders import Order
from streams.people.person import Scene
from streams.people.phones import Phone, entered
from streams.people.register import Resident
from streams.people.roll import Roll
from streams.people.said import Declarations, Said
from streams.people.statements import Place, Statement
from streams.people.strictness import GatePolicy
from streams.people.vouched import vouched

if TYPE_CHECKING:
    from streams.domain.areas import Area
    from streams.people.evidence import Evidence

NOW: Final = 1_584_000_000
DAY: Final = 86_400
AREAS: Final = 20
PLACES: Final = 3
"""In each declaration."""
CHECKS: Final = 20_000
SHARE: Final = 0.99
"""So many of the checks take no longer."""
MILLI: Final = 1000
SIDE: Final = 0.1
"""Degrees: an area of the size of a town."""


def p99_ms(people: int, seed: int = 1) -> float:
    """Return the 99th percentile of a check, in CPU milliseconds, with so many people on the roll.

    Each has a phone, every fifth two, every third a declaration of three places; there are twenty areas and
    two orders.
    Evidence is of each kind. A check waits for nothing, so its CPU time is its time on a core of its own.
    """
    choice = random.Random(seed)  # noqa: S311 - a bench that repeats itself
    roll = _filled(people)
    policy = GatePolicy()
    shown = [_evidence(choice.randrange(people), number) for number in range(CHECKS)]
    took: list[float] = []
    for one in shown:
        begun = time.process_time()
        check(one.kind, facts_of(one, roll, NOW), policy, ORDERS, NOW)
        took.append(time.process_time() - begun)
    return sorted(took)[int(CHECKS * SHARE)] * MILLI


ORDERS: Final = (
    Order("a", 1, "c", "office", ("Wang", "Li"), "crowded", 0, NOW + DAY, {"green": "register"}),
    Order("b", 1, "c", "office", ("Wang", "Li"), "crowded", 0, NOW + DAY, signal_required=True),
)
REASONS: Final = (
    (Reason("CLEAR"),),
    (Reason("PASSED_THROUGH", "0", 1, NOW - 2 * DAY, NOW - DAY, 60), Reason("RECENT_ARRIVAL")),
    (Reason("STAYED", "1", 1, NOW - 2 * DAY, NOW - DAY, 600),),
)
"""Of phones in turn."""


def _evidence(person: int, number: int) -> Evidence:
    name = _name(person)
    several: tuple[Evidence, ...] = (
        Pass(name),
        Document(name),
        PhoneAndDigits(_name(person, 1), person % VALUES),
    )
    return several[number % len(several)]


def _number(name: bytes) -> int:
    return int.from_bytes(name[1:], "big")


def _name(number: int, kind: int = 0) -> bytes:
    return bytes((kind,)) + number.to_bytes(15, "big")


def _filled(people: int) -> Roll:
    versions = _versions()
    areas = {name: prepared(one, Policy()) for name, one in versions.items()}
    scene, said = Scene(versions, areas, Policy()), _declarations(areas)
    roll = Roll(
        lambda: scene, lambda name: said if _number(name) % 3 == 0 else Declarations(), lambda _: False
    )
    for number in range(people):
        person, value = _name(number), number % VALUES
        roll.passes[person] = person
        roll.register.enter(Resident(person, 1, "c", "adult", value))
        for kind in range(1, 3 if number % 5 == 0 else 2):
            phone = _name(number, kind)
            bound = entered(Phone(), Binding(phone, 1, person, "mobile", NOW - 90 * DAY, check=value))
            change = ColourChanged(
                phone, 1, None, "green", REASONS[number % 3], 0, NOW - DAY, None, 0, number
            )
            for said_of in vouched(phone, bound, witnessed(change)).values():
                roll.vouch(said_of)
    return roll


def _versions() -> dict[str, AreaVersion]:
    found = {}
    for number in range(AREAS):
        x, y = 120 + number * SIDE * 2, 30.0
        corners = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0))
        ring = tuple((x + right, y + up) for right, up in corners)
        found[str(number)] = AreaVersion(str(number), 1, ((ring,),), NOW - 30 * DAY)
    return found


def _declarations(areas: dict[str, Area]) -> Declarations:
    cells = [min(areas[str(number)].cells) for number in range(PLACES)]
    places = tuple(Place((cell,), True, NOW - 3 * DAY, NOW - 2 * DAY) for cell in cells)
    actor = Actor("office-1", Role.COMMUNITY)
    return Declarations((Said(1, NOW - DAY, Statement(places), "office", actor, "first", None),))
