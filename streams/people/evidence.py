"""What may be shown at a gate, and whose it is: code, paper pass, document, phone with digits (rule 12.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from streams.people.sources import Facts

Kind: TypeAlias = Literal["code", "paper_pass", "document", "phone_and_digits"]

KINDS: Final[tuple[Kind, ...]] = ("code", "paper_pass", "document", "phone_and_digits")
"""Everything that opens a gate: a code is never the only way in (rule 12.4)."""


@dataclass(frozen=True, slots=True)
class Pass:
    """A code or a paper pass whose signature and times were found good (rule 13.3)."""

    id: bytes
    kind: Literal["code", "paper_pass"] = "code"


@dataclass(frozen=True, slots=True)
class Document:
    """An identity document, read at the gate; what is known of it here is its person's pseudonym."""

    person: bytes
    kind: Literal["document"] = "document"


@dataclass(frozen=True, slots=True)
class PhoneAndDigits:
    """A phone's pseudonym, and the keyed check value, 0 to 1023, of the digits that were told."""

    phone: bytes
    check: int
    kind: Literal["phone_and_digits"] = "phone_and_digits"


Evidence: TypeAlias = "Pass | Document | PhoneAndDigits"


class Known(Protocol):
    """What a gate may ask of the people's side."""

    def holder_of_pass(self, name: bytes) -> bytes | None:
        """Return the person of a pass that is not revoked."""

    def holder_of_phone(self, phone: bytes, now: int) -> bytes | None:
        """Return the person a phone is bound to."""

    def check_value(self, person: bytes) -> int | None:
        """Return the keyed check value of a person's document's last four digits, 0 to 1023."""

    def facts(self, person: bytes, now: int) -> Facts | None:
        """Return what is known of a person, None for one nobody knows."""


def facts_of(shown: Evidence, known: Known, now: int) -> Facts | None:
    """Return what is known of whoever the evidence names, None where it names nobody.

    Wrong digits, a phone bound to nobody and an unknown one are the same: a gate tells nobody which it was.
    """
    person = _person(shown, known, now)
    return None if person is None else known.facts(person, now)


def _person(shown: Evidence, known: Known, now: int) -> bytes | None:
    match shown:
        case Pass():
            return known.holder_of_pass(shown.id)
        case Document():
            return shown.person
        case PhoneAndDigits():
            person = known.holder_of_phone(shown.phone, now)
            value = None if person is None else known.check_value(person)
            return person if value == shown.check else None
