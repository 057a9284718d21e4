"""A look-up: who looked at whom, in which role, what for, what was shown, or why nothing was (rule 17.1)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from streams.people.actors import Actor

PSEUDONYM: Final = 16
"""Bytes of a phone's or person's pseudonym."""
LONGEST: Final = 2_000
"""Characters of a purpose, a ticket or a line of what was shown."""
NONE_STATED: Final = "none stated"
"""The purpose of a look-up for which none was asked."""


class LookUpError(ValueError):
    """A look-up that cannot be recorded, so nothing may be shown; the message says what is wrong."""


class Kind(StrEnum):
    """What is looked at; `ALL` is everybody at once, as by who follows every change."""

    PHONE = "phone"
    PERSON = "person"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who is looked at: a pseudonym of 16 bytes, or of none where the kind is ALL."""

    kind: Kind
    id: bytes = b""

    def __post_init__(self) -> None:
        """Refuse what is no pseudonym, without showing it."""
        expected = 0 if self.kind is Kind.ALL else PSEUDONYM
        if len(self.id) != expected:
            raise LookUpError(f"subject: expected {expected} bytes, found {len(self.id)}")


@dataclass(frozen=True, slots=True)
class LookUp:
    """One look-up; `at` in unix milliseconds, `shown` a line each for what was told of the subject.

    `denied` is the code of the refusal, None where the look-up was allowed; a denied one shows nothing.
    """

    actor: Actor
    subject: Subject
    purpose: str
    at: int
    shown: tuple[str, ...] = ()
    ticket: str | None = None
    denied: str | None = None

    def __post_init__(self) -> None:
        """Refuse what no record could hold or would be no look-up."""
        if self.denied is not None and self.shown:
            raise LookUpError("shown: expected nothing in a look-up that was denied")
        for name, text in self._texts():
            if len(text) > LONGEST or not text:
                raise LookUpError(f"{name}: expected 1 to {LONGEST} characters, found {len(text)}")
            if any("\ud800" <= character <= "\udfff" for character in text):
                raise LookUpError(f"{name}: expected text that is UTF-8")

    def _texts(self) -> list[tuple[str, str]]:
        given = [("purpose", self.purpose), ("actor", self.actor.id), ("ticket", self.ticket)]
        given += [("office", self.actor.office), ("denied", self.denied)]
        return [(name, text) for name, text in given if text is not None] + [
            ("shown", text) for text in self.shown
        ]


def canonical(lookup: LookUp) -> bytes:
    """Return a look-up in its one spelling: JSON by RFC 8785 (keys sorted, no blanks, UTF-8).

    What is absent is left out, so a field that is added later changes no look-up without it.
    """
    return json.dumps(
        fields(lookup), ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()


def fields(lookup: LookUp) -> dict[str, Any]:
    """Return what stands in the canonical text."""
    subject: dict[str, str] = {"kind": lookup.subject.kind.value}
    if lookup.subject.id:
        subject["id"] = lookup.subject.id.hex()
    found: dict[str, Any] = {
        "actor": lookup.actor.id,
        "at": lookup.at,
        "denied": lookup.denied,
        "office": lookup.actor.office,
        "purpose": lookup.purpose,
        "role": lookup.actor.role.value,
        "shown": list(lookup.shown),
        "subject": subject,
        "ticket": lookup.ticket,
    }
    return {name: value for name, value in found.items() if value is not None}
