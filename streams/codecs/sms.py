"""Texts, answers and itineraries in Avro (rule 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from streams.codecs import schemas
from streams.codecs.bodies import encode_body, plainly
from streams.codecs.errors import CodecError
from streams.codecs.people import LONGEST
from streams.people.codes.digits import VALUES
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.itinerary import City, Itinerary, ItineraryRequest
from streams.people.sms.said import Language, SmsInbound, SmsOutbound, What

if TYPE_CHECKING:
    from collections.abc import Container

_LANGUAGES: Final[tuple[str, ...]] = get_args(Language)
_WHATS: Final = frozenset(What)
_INBOUND: Final = plainly(SmsInbound)
_REQUEST: Final = plainly(ItineraryRequest)
_CITY: Final = plainly(City)


def encode_sms_inbound(sms: SmsInbound) -> bytes:
    """Return an SmsInbound."""
    return encode_body(sms)


def decode_sms_inbound(value: bytes | None) -> SmsInbound:
    """Read an SmsInbound; CodecError says why not."""
    _, fields = schemas.decode(value, "SmsInbound")
    found: SmsInbound = _INBOUND(fields)
    _one_of(found.carrier, GRAMMARS)
    _one_of(found.what, _WHATS)
    _one_of(found.language, (None, *_LANGUAGES))
    if not 0 < len(found.message) <= LONGEST or not 0 <= (found.check or 0) < VALUES:
        raise CodecError("bad_value")
    if found.what == What.DIGITS and found.check is None:
        raise CodecError("bad_value")
    return found


def encode_sms_outbound(sms: SmsOutbound) -> bytes:
    """Return an SmsOutbound."""
    return encode_body(sms)


def decode_sms_outbound(value: bytes | None) -> SmsOutbound:
    """Read an SmsOutbound; CodecError says why not."""
    _, fields = schemas.decode(value, "SmsOutbound")
    return SmsOutbound(**{**fields, "parts": tuple(fields["parts"])})


def encode_itinerary_request(request: ItineraryRequest) -> bytes:
    """Return an ItineraryRequest."""
    return encode_body(request)


def decode_itinerary_request(value: bytes | None) -> ItineraryRequest:
    """Read an ItineraryRequest; CodecError says why not."""
    _, fields = schemas.decode(value, "ItineraryRequest")
    found: ItineraryRequest = _REQUEST(fields)
    _one_of(found.language, _LANGUAGES)
    if found.minutes < 0 or found.at < 0:
        raise CodecError("bad_value")
    return found


def encode_itinerary(itinerary: Itinerary) -> bytes:
    """Return an Itinerary."""
    return encode_body(itinerary)


def decode_itinerary(value: bytes | None) -> Itinerary:
    """Read an Itinerary; CodecError says why not."""
    _, fields = schemas.decode(value, "Itinerary")
    cities: Any = fields["cities"]
    return Itinerary(**{**fields, "cities": None if cities is None else tuple(map(_CITY, cities))})


def _one_of(value: str | None, allowed: Container[str | None]) -> None:
    if value not in allowed:
        raise CodecError("bad_value")
