"""A phone of a generated city that asks with no Kafka: the same rules, one diary, all in this process."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from streams.city.city import City
from streams.city.journeys import DAY
from streams.city.outline import districts
from streams.domain.policy import Deployment, Policy
from streams.domain.records import Sightings, TimeAdvanced
from streams.domain.slots import slot_of
from streams.files.cities import Cities, cities_of
from streams.people.bindings import Binding
from streams.people.codes.digits import SECRET as CHECK_SECRET
from streams.people.codes.digits import CheckKey
from streams.people.phones import Phone, entered
from streams.people.pseudonyms import SECRET, Key, Keys
from streams.people.sms import wording
from streams.people.sms.dialogue import NOBODY, Look, Say, heard
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.holding import fits
from streams.people.sms.itinerary import DAYS, Itinerary
from streams.people.sms.itinerary import City as Named
from streams.people.sms.switchboard import Switchboard
from streams.window.touring import Touring
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Callable

PEOPLE: Final = 40
"""So many are made; the one who was in most cities is taken."""
NUMBER: Final = "+8613800138000"
MINUTES: Final = 240


class Alone:
    """A carrier, its one subscriber with a document, and two weeks of their diary up to `now`."""

    def __init__(
        self, carrier: str, digits: str, cities: Cities, seed: int, now: int, draw: Callable[[int], bytes]
    ) -> None:
        check_key = CheckKey(draw(CHECK_SECRET))
        self._board = Switchboard(GRAMMARS[carrier], Keys(Key(1, draw(SECRET))), check_key)
        bound = Binding(b"", 1, draw(16), carrier, 0, check=check_key.value(digits))
        self._phone, self._asker = entered(Phone(), bound), NOBODY
        self._cities, self._window, self._name = cities, *_lived(seed, now, cities)
        self._texts = 0

    def text(self, text: str, time: int) -> tuple[str, ...]:
        """Return the answer to a text, nothing for silence."""
        self._texts += 1
        came = self._board.inward(f"{self._texts}", NUMBER, text, time)
        if came is None:
            return ()
        _, sms = came
        self._asker, move = heard(self._asker, self._board.grammar, sms, time)
        match move:
            case Say(word, language):
                return wording.said(word, language)
            case Look(check, language):
                if fits(self._phone, check, time):
                    return wording.told(self._itinerary(), language)
                return wording.refused(language)
            case _:
                return ()

    def _itinerary(self) -> Itinerary:
        window = self._window
        found = Touring(window, self._cities.of, len(self._cities.named)).of(self._name, DAYS, MINUTES)
        named = tuple(self._cities.named[city] for city in found.cities)
        zone = window.rules.policy.timezone
        return Itinerary("", MINUTES, DAYS, zone, window.clock, found.seen, named)


def cities_at(path: str | None) -> Cities:
    """Return the cities of a file; without one the districts of the generated city stand in for cities."""
    if path is not None:
        return cities_of(path)
    return Cities([(Named(*name.split(" ", 1)), (polygon,)) for name, polygon in districts()])


def _lived(seed: int, now: int, cities: Cities) -> tuple[Window, bytes]:
    """Return a window with the diary of whoever was in most cities, up to `now`, and who it is."""
    policy = Policy()
    made = City(seed, PEOPLE, (now // DAY - DAYS) * DAY, DAYS + 1)
    places = {tower.id: tower.placed(policy.resolution, policy.coarse_range_m) for tower in made.place.towers}
    diaries = defaultdict[bytes, list[tuple[int, str]]](list)
    for day in range(made.days):
        for at, phone, cell in made.events(day):
            if at <= now:
                diaries[phone].append((at, cell))
    been = {phone: {cities.of(places[cell][0]) for _, cell in seen} for phone, seen in diaries.items()}
    name = max(diaries, key=lambda phone: (len(been[phone]), phone))
    window = Window(Deployment(), policy)
    for at, cell in diaries[name]:
        place, coarse = places[cell]
        window.apply(Sightings(at, [name], [place], [slot_of(at, policy.slot_minutes)], [coarse]), None)
    window.apply(TimeAdvanced(now), None)
    return window, name
