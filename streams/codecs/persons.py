"""What phones say of a person, and the person's colour, in Avro; and the keys they stand under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.codecs import schemas
from streams.codecs.bodies import encode_body, plainly
from streams.codecs.errors import CodecError
from streams.domain.records import Reason
from streams.people.combined import Source
from streams.people.nights import NightsAsked, NightsSpent
from streams.people.person_colour import PersonColour
from streams.people.vouched import HeldPhone, KeptReason, PersonPhone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CLOCK_KEY: Final = b"clock"
"""What time stands under in the topic of persons' phones: a TimeAdvanced a partition."""


def person_phone_key(person: bytes, phone: bytes) -> bytes:
    """Return the key of what a phone says of a person: `<person>/<phone>`."""
    return f"{person.hex()}/{phone.hex()}".encode()


def person_phone_of(key: bytes) -> tuple[bytes, bytes]:
    """Return the person and the phone of such a key."""
    person, _, phone = key.decode().partition("/")
    return bytes.fromhex(person), bytes.fromhex(phone)


def encode_person_phone(said: PersonPhone) -> bytes:
    """Return a PersonPhone."""
    return encode_body(said)


_REASON: Final = plainly(Reason)
_HELD: Final = plainly(HeldPhone)


def decode_person_phone(value: bytes | None) -> PersonPhone:
    """Read a PersonPhone; CodecError says why not."""
    _, fields = schemas.decode(value, "PersonPhone")
    held, kept = fields["held"], fields["kept"]
    read = {
        "held": None if held is None else _HELD({**held, "reasons": _reasons(held["reasons"])}),
        "kept": tuple(KeptReason(**{**one, "reason": _REASON(one["reason"])}) for one in kept),
    }
    return PersonPhone(**(fields | read))


def encode_person_colour(change: PersonColour) -> bytes:
    """Return a PersonColour."""
    return encode_body(change)


def decode_person_colour(value: bytes | None) -> PersonColour:
    """Read a PersonColour; CodecError says why not."""
    _, fields = schemas.decode(value, "PersonColour")
    sources = tuple(Source(**{**one, "reasons": _reasons(one["reasons"])}) for one in fields["sources"])
    return PersonColour(**(fields | {"sources": sources}))


def encode_nights_asked(question: NightsAsked) -> bytes:
    """Return a NightsAsked."""
    return encode_body(question)


def decode_nights_asked(value: bytes | None) -> NightsAsked:
    """Read a NightsAsked; CodecError says why not."""
    _, fields = schemas.decode(value, "NightsAsked")
    return NightsAsked(**fields)


def encode_nights_spent(answer: NightsSpent) -> bytes:
    """Return a NightsSpent."""
    return encode_body(answer)


def decode_nights_spent(value: bytes | None) -> NightsSpent:
    """Read a NightsSpent; CodecError says why not."""
    _, fields = schemas.decode(value, "NightsSpent")
    found = NightsSpent(**fields)
    if found.slots < 0:
        raise CodecError("bad_value")
    return found


def _reasons(found: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(map(_REASON, found))
