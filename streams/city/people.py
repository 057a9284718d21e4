"""The generated people: homes and work, trips to a key area, flapping cells, clones, phones off, new SIMs."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from streams.city.place import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.city.place import Place

DAY: Final = 86_400
QUARTER: Final = 900
TOWNS_AT_RISK: Final = (3, 5, 6)
"""The towns in which a key area lies: nobody lives there in this city."""


@dataclass(frozen=True, slots=True)
class Person:
    """A phone, its haunts (towers), and what is particular about it."""

    phone: bytes
    home: tuple[str, ...]
    work: tuple[str, ...]
    kind: str
    """`plain`, `stays`, `passes`, `cloned`, `off` (after day 8) or `new` (from the last day but one)."""
    day: int
    market: int


KINDS: Final = (("plain", 88), ("stays", 3), ("passes", 4), ("cloned", 1), ("off", 2), ("new", 2))
"""Kinds of people and their share in percent."""


class City:
    """A prefecture and its people; `events(day)` are a day's sightings in the order of time."""

    def __init__(self, seed: int, phones: int, start: int, days: int, per_day: int = 24) -> None:
        random = Random(seed)  # noqa: S311 - a city that can be made again
        self.start, self.days, self._seed, self._per_day = start, days, seed, per_day
        self.place: Place = place(random, start - 30 * DAY)
        self.people = [self._person(random) for _ in range(phones)]

    def _person(self, random: Random) -> Person:
        safe = [town for i, town in enumerate(self.place.towns) if i not in TOWNS_AT_RISK]
        kind = random.choices([k for k, _ in KINDS], [share for _, share in KINDS])[0]
        town = random.choice(safe)
        return Person(
            phone=b"\x01" + random.randbytes(15),
            home=tuple(random.sample(town, 2)),
            work=tuple(random.sample(random.choice(safe), 2)),
            kind=kind,
            day=random.randrange(max(1, self.days - 3)),
            market=random.randrange(len(self.place.markets)),
        )

    def events(self, day: int) -> Iterator[tuple[int, bytes, str]]:
        """Yield seconds, phone and tower's id of one day, in the order of time."""
        random = Random(f"{self._seed}/{day}")  # noqa: S311 - as above
        found: list[tuple[int, bytes, str]] = []
        for person in self.people:
            if (person.kind == "off" and day >= self.days // 2) or (
                person.kind == "new" and day < self.days - 2
            ):
                continue
            found.extend(self._of(person, day, random))
        found.sort()
        return iter(found)

    def _of(self, person: Person, day: int, random: Random) -> Iterator[tuple[int, bytes, str]]:
        midnight = self.start + day * DAY
        hour_of_trip = 9 + person.day % 6 if person.day == day else None
        for _ in range(self._per_day):
            second = random.randrange(DAY)
            hour = second // 3600
            if hour_of_trip is not None and person.kind in ("stays", "passes") and 8 <= hour <= 20:  # noqa: PLR2004 - daytime
                continue
            haunts = person.work if 9 <= hour < 18 else person.home  # noqa: PLR2004 - working hours
            yield midnight + second, person.phone, random.choice(haunts)
        if hour_of_trip is not None:
            yield from self._trip(person, midnight + hour_of_trip * 3600, random)

    def _trip(self, person: Person, begin: int, random: Random) -> Iterator[tuple[int, bytes, str]]:
        market = self.place.markets[person.market]
        if person.kind == "cloned":
            yield begin, person.phone, self.place.far
        elif person.kind in ("stays", "passes") and market:
            quarters = 24 if person.kind == "stays" else 3
            yield begin - QUARTER, person.phone, random.choice(self.place.roads)
            for quarter in range(quarters):
                yield (
                    begin + quarter * QUARTER + random.randrange(QUARTER),
                    person.phone,
                    random.choice(market),
                )
