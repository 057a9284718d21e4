"""What is asked of a phone's diary and what it answers: cities, in order, and how fresh that is (rule 14.1).

Times are unix seconds. The answer names no phone: who asked knows by the request.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

DAYS: Final = 14
"""Days that an itinerary goes back, whatever the window of the colours."""


@dataclass(frozen=True, slots=True)
class City:
    """A city as it is named in an answer."""

    name: str
    english: str


@dataclass(frozen=True, slots=True)
class ItineraryRequest:
    """Asks the diary of the phone that it is keyed by; carrier, message and language are for the answer.

    `id` is the place of the text in its topic, so it is the same if the text is decided on again.
    """

    id: str
    message: str
    carrier: str
    language: str
    minutes: int
    """The shortest visit that counts."""
    at: int


@dataclass(frozen=True, slots=True)
class Itinerary:
    """The answer to a request, keyed by its id."""

    request: str
    minutes: int
    days: int
    timezone: str
    """Whose civil days the visits were counted in (rule 4.4), and whose times are shown."""
    clock: int | None
    """Up to when sightings have entered; None before the first."""
    seen: int | None
    """End of the latest slot in which the phone was seen in these days; None: it was not."""
    cities: tuple[City, ...] | None
    """In the order of their first such visit; None: no boundaries of cities are installed."""
