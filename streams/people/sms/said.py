"""What people say to the service, and what it says back, whatever the carrier and the language (rule 14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]


class What(StrEnum):
    """What one text says."""

    OPENS = "opens"
    """The keyword: somebody wants to know. With digits where the carrier's grammar has all in one message."""
    CONSENTS = "consents"
    """Consent, with the digits or before them."""
    DIGITS = "digits"
    DECLINES = "declines"


@dataclass(frozen=True, slots=True)
class Said:
    """A text understood; `digits` are the document's last four, which stay at the carrier's side (14.4).

    `language` is None where the text asks for none.
    """

    what: What
    language: Language | None = None
    digits: str | None = None


@dataclass(frozen=True, slots=True)
class SmsInbound:
    """A text as it enters: what it says, with the check value in the digits' place (rule 13.1).

    `message` is the carrier's id of it: one that comes twice is one. `what` is a `What`, `language` a
    `Language`; `check` is 0 to 1023.
    """

    message: str
    carrier: str
    what: str
    language: str | None = None
    check: int | None = None


@dataclass(frozen=True, slots=True)
class SmsOutbound:
    """An answer: a text message a part, in order. Not to be sent from `until` (unix seconds) on."""

    message: str
    """The carrier's id of what is answered."""
    carrier: str
    parts: tuple[str, ...]
    until: int
