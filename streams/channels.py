"""What a topic is for, in the words of the AsyncAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streams.topics import Names

RECEIVE: Final = "receive"
SEND: Final = "send"


@dataclass(frozen=True, slots=True)
class About:
    """What a topic is for, what its key is, which schemas its values have, what the workers do with it."""

    channel: str
    what: str
    key: str
    values: tuple[str, ...]
    action: str


def counts(names: Names) -> dict[str, About]:
    """Return what is known of the topics with counts, by their names (rule 17.3)."""
    return {
        names.hex_partials: About(
            "hexPartials",
            "Exact counts of phones by colour and hex, of one journal partition as an hour begins; internal, "
            "and never to be published. Read it with read_committed.",
            "UTF-8: the partition.",
            ("HexPartial",),
            SEND,
        ),
        names.hex_counts: About(
            "hexCounts",
            "Phones by colour in each hex of resolution 7 as an hour begins (UTC), rounded down to a "
            "multiple of 15, null under 15; a record where one of these changes. Read it with "
            "read_committed.",
            "UTF-8: the hex's 15 digits.",
            ("HexCount",),
            SEND,
        ),
    }


def sms(names: Names) -> dict[str, About]:
    """Return what is known of the topics of asking by SMS."""
    phone = "The phone's 16 bytes."
    return {
        names.sms_inbound: About(
            "smsInbound",
            "Texts as the carrier's bridge has read them: no number, no digits.",
            phone,
            ("SmsInbound",),
            RECEIVE,
        ),
        names.sms_outbound: About(
            "smsOutbound",
            "Answers, for the carrier's bridge; read it with read_committed.",
            phone,
            ("SmsOutbound",),
            SEND,
        ),
        names.itinerary_requests: About(
            "itineraryRequests",
            "What is asked of phones' diaries; internal.",
            phone,
            ("ItineraryRequest",),
            SEND,
        ),
        names.itineraries: About(
            "itineraries",
            "What diaries answered; internal.",
            "UTF-8: the request; partitioned by the phone's 16 bytes.",
            ("Itinerary",),
            SEND,
        ),
    }
