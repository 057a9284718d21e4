"""What a line says of a person's colour, and tests on it that several chapters make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo._screen import hued

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.cli.demo.people.cast import Character
    from streams.domain.records import Colour
    from streams.people.person_colour import PersonColour


def is_(who: Character, colour: Colour, why: str) -> str:
    """Return in words which colour somebody has and why."""
    return f"{who} is {hued(colour)}: {why}"


def by(colour: Colour, *behind: tuple[str, str], manual: bool = False) -> Callable[[PersonColour], bool]:
    """Return a test for a colour with just these sources' origins and reasons behind it.

    `manual`: whether every source of it is a phone bound by hand that nobody has confirmed (rule 10.3).
    """

    def holds(told: PersonColour) -> bool:
        found = {(source.origin, reason.code) for source in told.sources for reason in source.reasons}
        hand = {source.manual for source in told.sources}
        return (told.colour, found, hand) == (colour, set(behind), {manual})

    return holds


def never_accused(told: PersonColour) -> bool:
    """Say whether a colour neither accuses nor keeps anything of the phone's last holder."""
    return told.colour in ("green", "unknown") and all(source.origin == "signal" for source in told.sources)
