"""Live codes renewed on the page without a tap, until their holder turns yellow or red (rules 13.2, 13.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.people.codes.claims import Code, Colour, Kind

if TYPE_CHECKING:
    from streams.people.codes.limits import Limits


def turned(before: Colour | None, now: Colour) -> bool:
    """Say whether somebody has turned yellow or red: renewal stops and their paper passes are revoked (13.3).

    Red to yellow is a turn too: what is shown would say something else than what stands.
    """
    return now is not before and now in (Colour.YELLOW, Colour.RED)


def renewed(shown: Code, now: Colour, at: int, pass_id: bytes, limits: Limits) -> Code | None:
    """Return the code that takes a shown one's place on its page at `at`, None where renewal has stopped.

    A page whose renewal has stopped asks for a code anew, which shows the colour as it is now. Paper is not
    renewed: it is issued again.
    """
    if shown.kind is Kind.PAPER or turned(shown.colour, now):
        return None
    return live(now, shown.kind, at, pass_id, shown.check, limits)


def live(colour: Colour, kind: Kind, at: int, pass_id: bytes, check: int, limits: Limits) -> Code:
    """Return a code for a page, the holder's or a proxy's, issued at `at` (rule 13.2)."""
    return Code(pass_id, colour, kind, at, at + limits.live, check)
