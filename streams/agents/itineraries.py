"""Itineraries out of a partition's diaries, as they are asked for (rule 14.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.late import refuse_late
from streams.files.cities import Cities, cities_of
from streams.files.unusable import UnusableError as UnusableFileError
from streams.kafka.errors import UnusableError
from streams.kafka.transactions import Output
from streams.people.sms.dialogue import DIALOGUE
from streams.people.sms.itinerary import DAYS, Itinerary
from streams.window.touring import Touring

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.kafka.engine import Engine
    from streams.people.sms.itinerary import ItineraryRequest
    from streams.settings import Settings
    from streams.window.window import Window

NO_CITIES: Final = Cities([])


def installed(settings: Settings) -> Cities | None:
    """Return the cities of this deployment, None where no boundaries are installed."""
    if not settings.cities:
        return None
    try:
        return cities_of(settings.cities)
    except UnusableFileError as error:
        raise UnusableError(f"setting 'cities': {error}") from None


class Itineraries:
    """What is asked of one partition; `window` is its state as it is now."""

    def __init__(
        self, engine: Engine, partition: int, cities: Cities | None, window: Callable[[], Window]
    ) -> None:
        self._engine, self._partition, self._window = engine, partition, window
        self._installed, self._cities = cities is not None, cities or NO_CITIES
        self._touring: Touring | None = None

    def answer(self, record: Any) -> Sequence[Output]:
        """Return the answer to a request, nothing for one that nobody waits for any more.

        What cannot be read is a dead letter, and so is what is asked after the sunset (rule 19.1).
        """
        names = self._engine.names
        try:
            refuse_late(self._engine.settings.sunset_at, record)
            request = codecs.decode_itinerary_request(self._engine.wire.read(record.value))
        except codecs.CodecError as error:
            letters = self._engine.dead_letters
            return [letters.output(error.reason, names.itinerary_requests, self._partition, record.offset)]
        if self._engine.now() >= request.at + DIALOGUE:
            return ()
        value = codecs.encode_itinerary(self._itinerary(record.key, request))
        return [Output(names.itineraries, request.id.encode(), value, self._partition)]

    def _itinerary(self, phone: bytes, request: ItineraryRequest) -> Itinerary:
        window = self._window()
        if self._touring is None or self._touring.window is not window:
            self._touring = Touring(window, self._cities.of, len(self._cities.named))
        found = self._touring.of(phone, DAYS, request.minutes)
        return Itinerary(
            request=request.id,
            minutes=request.minutes,
            days=min(DAYS, window.deployment.retention_days),
            timezone=window.rules.policy.timezone,
            clock=window.clock,
            seen=found.seen,
            cities=tuple(self._cities.named[city] for city in found.cities) if self._installed else None,
        )
