"""A code checked with no network: what it says, why it is refused, and which checks could not be done (13.3).

    verify(text, keys=…, now=…, revocations=…) -> Verdict

Needs nothing but cbor2 and cryptography, so that a gate's device can have it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streams.people.codes.claims import Kind
from streams.people.codes.limits import HOUR, MOST_PAPER_HOURS, Limits
from streams.people.codes.refusals import Refusal, RefusedError
from streams.people.codes.text import read

if TYPE_CHECKING:
    from streams.people.codes.claims import Code
    from streams.people.codes.digits import CheckKey
    from streams.people.codes.keys import KeySet
    from streams.people.codes.revocations import Revocations

DEFAULT: Final = Limits()
RECENT: Final = 24 * HOUR
"""A live code that expired longer ago than this, in seconds, is an old picture whatever the clock says."""


class Undone(StrEnum):
    """A check that could not be done, and why not."""

    CLOCK_BEHIND = "clock_behind"
    NO_REVOCATIONS = "no_revocations"
    REVOCATIONS_OLD = "revocations_old"
    NO_DIGITS = "no_digits"


UNDONE_TOLD: Final = {
    Undone.CLOCK_BEHIND: "whether it is valid now: this clock is behind the keys or the list; set it",
    Undone.NO_REVOCATIONS: "whether it was withdrawn: there is no list; fetch one",
    Undone.REVOCATIONS_OLD: "whether it was withdrawn lately: the list is too old; fetch a new one",
    Undone.NO_DIGITS: "whether it is its holder's: the document's last four digits were not given",
}
"""What was not checked, and how it can be."""


class Clock(StrEnum):
    """How the verifier's clock looks beside what was signed elsewhere."""

    PLAUSIBLE = "plausible"
    BEHIND = "behind"
    """Keys or list were issued later than it says."""
    DOUBTFUL = "doubtful"
    """A code was issued later than it says, or a page's expired lately: code or clock is wrong."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of a code. `code` is None unless its signature holds; nothing of it counts if refused."""

    code: Code | None
    refused: Refusal | None
    undone: tuple[Undone, ...] = ()
    clock: Clock = Clock.PLAUSIBLE

    @property
    def complete(self) -> bool:
        """Say whether every check was done but that of the digits, which a gate makes with the document."""
        return all(check is Undone.NO_DIGITS for check in self.undone)


@dataclass(frozen=True, slots=True)
class Holder:
    """The digits that whoever shows a code has given, and the key of their check value."""

    digits: str = field(repr=False)
    key: CheckKey


def verify(
    text: str,
    *,
    keys: KeySet,
    now: int,
    revocations: Revocations | None = None,
    holder: Holder | None = None,
    limits: Limits = DEFAULT,
) -> Verdict:
    """Check a code's text at `now`, in seconds by the verifier's own clock (rule 13.3).

    Without `revocations` or `holder` those checks are among the verdict's `undone`.
    """
    try:
        code, key = read(text, keys)
    except RefusedError as error:
        return Verdict(None, error.refusal)
    known = max(keys.issued, revocations.issued if revocations else 0)
    behind = known > now + limits.clock_leeway
    refused = _untimely(code, now, known, limits) if key.signs_at(code.issued) else Refusal.KEY_OUT_OF_TIME
    if refused is None and revocations is not None and revocations.has(code.pass_id):
        refused = Refusal.REVOKED
    if refused is None and holder is not None and not holder.key.fits(holder.digits, code.check):
        refused = Refusal.OTHER_DIGITS
    clock = Clock.BEHIND if behind else _doubt(code, refused, now)
    return Verdict(code, refused, tuple(_undone(behind, revocations, holder, now, limits)), clock)


def _untimely(code: Code, now: int, known: int, limits: Limits) -> Refusal | None:
    """Say why a code does not count at `now`; it is at least `known`, since that was issued already."""
    if code.expires - code.issued > MOST_PAPER_HOURS * HOUR:
        return Refusal.LASTS_TOO_LONG
    if known <= now + limits.clock_leeway < code.issued:
        return Refusal.NOT_YET_VALID
    return Refusal.EXPIRED if max(now, known) >= code.expires + limits.clock_leeway else None


def _doubt(code: Code, refused: Refusal | None, now: int) -> Clock:
    lately = code.kind is not Kind.PAPER and now - code.expires < RECENT
    doubtful = refused is Refusal.NOT_YET_VALID or (refused is Refusal.EXPIRED and lately)
    return Clock.DOUBTFUL if doubtful else Clock.PLAUSIBLE


def _undone(
    behind: bool,  # noqa: FBT001 - what is known of the clock, handed on
    revocations: Revocations | None,
    holder: Holder | None,
    now: int,
    limits: Limits,
) -> list[Undone]:
    found = [Undone.CLOCK_BEHIND] if behind else []
    if revocations is None:
        found.append(Undone.NO_REVOCATIONS)
    elif now - revocations.issued > limits.revocations_max_age:
        found.append(Undone.REVOCATIONS_OLD)
    return found if holder else [*found, Undone.NO_DIGITS]
