"""What a phone's new holder does not inherit, as the exclusion that the journal takes (rules 3.1, 10.2)."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from streams.domain.records import Exclusion
from streams.kafka.journal import MILLISECONDS
from streams.people.inheritance import BEGINNING

if TYPE_CHECKING:
    from streams.people.commands import Recorded
    from streams.people.phone_facts import SightingsStruck

CASE: Final = 12
"""Bytes of a case's id: a hash, for a case is shown where the phone must not be."""


def exclusion_of(fact: Recorded[Any], body: SightingsStruck) -> Exclusion:
    """Return the exclusion of what was struck out; its version is the fact's."""
    told = f"{fact.aggregate}/{body.phone.hex()}/{body.from_}/{body.until}"
    case = f"holder-{blake2b(told.encode(), digest_size=CASE).hexdigest()}"
    since = None if body.from_ == BEGINNING else body.from_
    # A decision is about the past (3.1), and a carrier's clock may be a little ahead of the broker's.
    at = max(fact.at // MILLISECONDS, body.until)
    return Exclusion(case, fact.version, body.phone, None, at, since, body.until, body.withdrawn)
