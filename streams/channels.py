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
