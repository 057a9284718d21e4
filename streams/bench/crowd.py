"""Many people as a worker's desk knows them, from what it reads of its topics when it begins."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, cast

from streams import codecs
from streams.agents.people import Partition, kinds
from streams.agents.persons import Persons
from streams.domain.areas import prepared
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, ColourChanged, Reason
from streams.kafka.wire import Wire
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.codes.digits import VALUES
from streams.people.combined import Source
from streams.people.commands import Recorded
from streams.people.inheritance import witnessed
from streams.people.person_colour import PersonColour
from streams.people.phones import Phone, entered
from streams.people.register import Resident
from streams.people.said import Declared
from streams.people.sources import colour_of
from streams.people.statements import Place, Statement
from streams.people.vouched import vouched
from streams.settings import Settings
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.engine import Engine

    Row = tuple[str, bytes, bytes]
    """A record: its topic, key and value."""

NOW: Final = 1_584_000_000
DAY: Final = 86_400
AREAS: Final = 20
PLACES: Final = 3
"""In each declaration."""
SIDE: Final = 0.1
"""Degrees: an area of the size of a town."""
REASONS: Final = (
    (Reason("CLEAR"),),
    (Reason("PASSED_THROUGH", "0", 1, NOW - 2 * DAY, NOW - DAY, 60), Reason("RECENT_ARRIVAL")),
    (Reason("STAYED", "1", 1, NOW - 2 * DAY, NOW - DAY, 600),),
)
"""Of phones in turn."""
NAMES: Final = Names("")


def remembered(people: int) -> Persons:
    """Return so many people as the desk of one partition knows them, and their phones beside them.

    Each has a phone, every fifth two, every third a declaration of three places, and each has been told a
    colour; there are twenty areas.
    """
    engine = cast("Engine", SimpleNamespace(names=NAMES, settings=Settings(partitions=1), wire=Wire(None)))
    partition = Partition(engine, 0, kinds(engine, 0))
    for offset, (topic, key, value) in enumerate(_rows(people)):
        record = SimpleNamespace(offset=offset, timestamp=NOW * 1000, key=key, value=value)
        partition.remember(topic, record, settled=True)
    return next(kind for kind in partition.kinds if isinstance(kind, Persons))


def name_of(number: int, kind: int = 0) -> bytes:
    """Return the pseudonym of a person (kind 0), or of their first or second phone."""
    return bytes((kind,)) + number.to_bytes(15, "big")


def check_of(number: int) -> int:
    """Return the check value of a person's document."""
    return number % VALUES


def _rows(people: int) -> Iterator[Row]:
    for area in _areas():
        yield NAMES.risk_areas, area.id.encode(), codecs.encode_area(area)
    statement = _statement()
    for number in range(people):
        person = name_of(number)
        entry = Resident(person, 1, "c", "adult", check_of(number))
        yield NAMES.residents, person, codecs.encode_resident(entry)
        for kind in range(1, 3 if number % 5 == 0 else 2):
            yield from _phone(person, name_of(number, kind), number)
        if number % 3 == 0:
            yield _declared(person, statement)
        because = REASONS[number % 3]
        told = (Source("signal", colour_of(because), because, 1440),)
        change = PersonColour(person, 1, None, colour_of(because), told, NOW - DAY)
        yield NAMES.person_colours, person, codecs.encode_person_colour(change)


def _phone(person: bytes, phone: bytes, number: int) -> Iterator[Row]:
    """Yield who holds a phone, its colour, and what it says of them."""
    binding = Binding(phone, 1, person, "mobile", NOW - 90 * DAY, check=check_of(number))
    yield NAMES.identity_bindings, codecs.version_key(phone.hex(), 1), codecs.encode_binding(binding)
    because = REASONS[number % 3]
    change = ColourChanged(phone, 1, None, colour_of(because), because, 0, NOW - DAY, None, 0, number)
    yield NAMES.colour_changes, phone, codecs.encode_change(change)
    for said in vouched(phone, entered(Phone(), binding), witnessed(change)).values():
        yield NAMES.person_phones, codecs.person_phone_key(person, phone), codecs.encode_person_phone(said)


def _declared(person: bytes, statement: Statement) -> Row:
    actor, body = Actor("office-1", Role.COMMUNITY), Declared(statement, "office", "first")
    fact: Recorded[Any] = Recorded(person.hex(), 1, f"bench-{person.hex()}", actor, (NOW - DAY) * 1000, body)
    return NAMES.declarations, codecs.version_key(person.hex(), 1), codecs.encode_recorded(fact)


def _areas() -> list[AreaVersion]:
    found = []
    for number in range(AREAS):
        x, y = 120 + number * SIDE * 2, 30.0
        corners = ((0, 0), (SIDE, 0), (SIDE, SIDE), (0, SIDE), (0, 0))
        ring = tuple((x + right, y + up) for right, up in corners)
        found.append(AreaVersion(str(number), 1, ((ring,),), NOW - 30 * DAY))
    return found


def _statement() -> Statement:
    cells = [min(prepared(area, Policy()).cells) for area in _areas()[:PLACES]]
    return Statement(tuple(Place((cell,), True, NOW - 3 * DAY, NOW - 2 * DAY) for cell in cells))
