"""What a declaration hides: a question to be answered, no colour of its own (rule 11.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.statements import SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from streams.domain.areas import Area
    from streams.domain.records import Reason
    from streams.people.said import Declarations, Said

ASKED_ABOUT: Final = ("STAYED", "PASSED_THROUGH")


@dataclass(frozen=True, slots=True)
class Published:
    """An area in force and since when this version of it was known, in unix seconds."""

    area: Area
    at: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """`CONTRADICTED`: a reason that the person's last declaration hides. It is gone when the reason is."""

    code: str
    area: str
    answered: bool
    """QuestionAnswered by the person, or the correction that hides it is confirmed by an officer."""


def contradicted(
    declarations: Declarations, reasons: Iterable[Reason], areas: Mapping[str, Published], now: int
) -> tuple[Contradicted, ...]:
    """Return what the last declaration hides of a person's reasons, those of the declaration before included.

    A correction that waits for an officer is the last declaration too: it changes no colour, but raises this.
    """
    said = [one for one in declarations.said if now - one.at <= SECONDS]
    found: dict[tuple[str, str], Contradicted] = {}
    for reason in reasons:
        published = areas.get(reason.area or "")
        if reason.code not in ASKED_ABOUT or published is None or not hides(said, reason, published):
            continue
        key = (reason.code, published.area.id)
        found[key] = Contradicted(*key, answered=key in declarations.explained or said[-1].confirmed is True)
    return tuple(found[key] for key in sorted(found))


def hides(said: Sequence[Said], reason: Reason, published: Published) -> bool:
    """Say whether the last of some declarations hides a reason.

    It names no place meeting the area, though the visit and this version of the area came before it, or
    though an earlier one named such a place.
    """
    if not said or _names(said[-1], published.area):
        return False
    last = said[-1]
    known = published.at <= last.at and reason.until is not None and reason.until <= last.at
    return known or any(_names(one, published.area) for one in said[:-1])


def _names(one: Said, area: Area) -> bool:
    return any(place.meets(area) for place in one.statement.places)
