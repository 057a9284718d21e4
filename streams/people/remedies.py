"""What each ground of an appeal does about it, and what follows elsewhere when it is upheld (rule 16.2).

An exclusion of a phone goes by way of the phone, which has other pseudonyms during a rotation (rule 10.1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from streams.domain.hexes import is_cell
from streams.people.appealed import AppealUpheld, Ground, exclusion, remedy_of
from streams.people.commands import Command, Refused
from streams.people.declarations import ConfirmCorrection
from streams.people.proxies import SYSTEM
from streams.people.referrals import CloseReferral
from streams.people.upheld import CorrectBinding, StrikeSightings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.records import Exclusion
    from streams.people.appealed import Remedy
    from streams.people.commands import Recorded
    from streams.people.said import Declarations

STRIKING: Final[tuple[Ground, ...]] = ("boundary", "cloned", "area_mistaken")
"""The grounds that strike a span out of a phone's sightings."""


def unfit(
    remedy: Remedy, phones: frozenset[str], declared: Declarations, resolution: int, at: int
) -> Refused | None:
    """Return why a remedy may not be decided at a time (seconds) for who has these phones, None if it may."""
    if remedy.ground not in get_args(Ground):
        return Refused("unknown_ground", f"expected one of {', '.join(get_args(Ground))}")
    return _meant(remedy) or _subject(remedy, phones, declared, resolution) or _span(remedy, at)


def _meant(remedy: Remedy) -> Refused | None:
    """Refuse what does not belong to the ground: nothing is decided that the deciders did not mean."""
    spans = remedy.ground in (*STRIKING, "tower_misplaced")
    odd = {
        "phone": bool(remedy.phone) and remedy.ground not in (*STRIKING, "not_my_phone"),
        "hex": remedy.hex is not None and remedy.ground != "tower_misplaced",
        "from and until": (remedy.from_, remedy.until) != (None, None) and not spans,
        "declared": remedy.declared is not None and remedy.ground != "declaration_mistaken",
    }
    named = [name for name, given in odd.items() if given]
    return Refused("not_of_this_ground", f"{remedy.ground}: expected no {named[0]}") if named else None


def _subject(
    remedy: Remedy, phones: frozenset[str], declared: Declarations, resolution: int
) -> Refused | None:
    match remedy.ground:
        case "tower_misplaced":
            if remedy.hex is None or not is_cell(remedy.hex, resolution):
                return Refused("no_hex", f"expected the tower's H3 cell of resolution {resolution}")
        case "declaration_mistaken":
            if all(one.version != remedy.declared for one in declared.unconfirmed()):
                return Refused("no_correction", "expected the version of a correction that does not count")
        case _:
            if remedy.phone not in phones:
                return Refused("not_their_phone", "expected a phone that says something of this person")
    return None


def _span(remedy: Remedy, at: int) -> Refused | None:
    since = 0 if remedy.from_ is None else remedy.from_
    until = at if remedy.until is None else remedy.until
    if 0 <= since < until <= at:
        return None
    return Refused("no_span", "expected a time in the past, its end behind its beginning")


def struck(fact: Recorded[AppealUpheld]) -> Exclusion | None:
    """Return what an upheld appeal strikes out of a hex: the exclusion of its case."""
    found = exclusion(fact.body.appeal, remedy_of(fact.body), fact.at // 1000)
    return None if found is None or found.hex is None else found


def follows(fact: Recorded[AppealUpheld]) -> Iterator[Command[Any]]:
    """Yield the commands to others that an upheld appeal leads to, each once.

    Their name is the appeal's and the fact's time: phones keep it, and it may not name a person (rule 19.2).
    """
    body = fact.body

    def command(of: str, asked: object) -> Command[Any]:
        return Command(f"appeals/{body.appeal}/{fact.at}", of, SYSTEM, fact.at, asked)

    if body.ground in STRIKING:
        at = fact.at // 1000
        yield command(body.phone, StrikeSightings(body.appeal, at, body.from_, body.until))
    if body.ground == "not_my_phone":
        yield command(body.phone, CorrectBinding(bytes.fromhex(fact.aggregate), body.appeal))
    if body.declared is not None:
        yield command(fact.aggregate, ConfirmCorrection(body.declared, body.appeal))
    yield command(fact.aggregate, CloseReferral(body.appeal))
