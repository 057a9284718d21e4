"""The dialogue of one phone: what it has said lately, and what comes of what it says now (rules 14.1, 14.2).

One state machine for all carriers. It knows neither who holds the phone nor whether the digits are theirs, so
it cannot treat one phone otherwise than another. Times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from streams.people.sms.said import What

if TYPE_CHECKING:
    from streams.people.sms.grammar import Grammar
    from streams.people.sms.said import Language, SmsInbound

DIALOGUE: Final = 600
"""Seconds from its beginning after which a dialogue is over."""
HOUR: Final = 3600
"""Seconds from the first try after which tries are forgotten."""
TRIES: Final = 3
"""Tries in an hour; whatever comes then is not answered until it is over."""

TEXTS: Final = 20
"""Texts of a phone in ten minutes; whatever comes upon as many is met with silence, and counts."""


class Word(Enum):
    """What is answered at once, without looking anything up."""

    ASK = auto()
    """Asks for consent and digits."""
    ASK_DIGITS = auto()
    """Asks for the digits alone."""
    HOW = auto()
    """Tells what to send where all comes in one message."""
    DECLINED = auto()


@dataclass(frozen=True, slots=True)
class Say:
    """Answer with a word."""

    word: Word
    language: Language


@dataclass(frozen=True, slots=True)
class Look:
    """A try: look whether the digits, by their check value, are the holder's; if so answer the itinerary."""

    check: int
    language: Language


Move: TypeAlias = Say | Look | None
"""None: silence."""


@dataclass(frozen=True, slots=True)
class Open:
    """A dialogue that has begun."""

    until: int
    language: Language
    consented: bool = False


@dataclass(frozen=True, slots=True)
class Asker:
    """A phone that has asked; as it begins, it has not, or all is forgotten."""

    dialogue: Open | None = None
    tries: int = 0
    hour_ends: int = 0
    heard: tuple[tuple[str, int], ...] = ()
    """The last messages of ten minutes, each with when it is forgotten."""

    def at(self, time: int) -> Asker:
        """Return what is left at a time: a dialogue and an hour that are over are forgotten."""
        found = self
        if found.dialogue is not None and time >= found.dialogue.until:
            found = replace(found, dialogue=None)
        if found.tries and time >= found.hour_ends:
            found = replace(found, tries=0, hour_ends=0)
        if found.heard and time >= found.heard[0][1]:
            found = replace(found, heard=tuple(one for one in found.heard if time < one[1]))
        return found

    def forgotten(self) -> int:
        """Return when nothing is left of it."""
        ends = [self.hour_ends, 0 if self.dialogue is None else self.dialogue.until]
        return max(*ends, *(until for _, until in self.heard))


NOBODY: Final = Asker()


def heard(before: Asker, grammar: Grammar, said: SmsInbound, time: int) -> tuple[Asker, Move]:
    """Return the asker after a text, and what is done about it.

    A message that came before, and whatever comes once the tries are used up or upon too many texts, is met
    with silence.
    """
    state = before.at(time)
    if state.tries >= TRIES or any(said.message == message for message, _ in state.heard):
        return state, None
    many = len(state.heard) >= TEXTS
    state = replace(state, heard=(*state.heard, (said.message, time + DIALOGUE))[-TEXTS:])
    if many:
        return state, None
    if said.what == What.OPENS:
        return _opened(state, grammar, said, time)
    return (state, None) if state.dialogue is None else _went_on(state, state.dialogue, said, time)


def _opened(state: Asker, grammar: Grammar, said: SmsInbound, time: int) -> tuple[Asker, Move]:
    language = cast("Language", said.language or "zh")
    if not grammar.at_once:
        return replace(state, dialogue=Open(time + DIALOGUE, language)), Say(Word.ASK, language)
    if said.check is None:
        return state, Say(Word.HOW, language)
    return _tried(state, time), Look(said.check, language)


def _went_on(state: Asker, dialogue: Open, said: SmsInbound, time: int) -> tuple[Asker, Move]:
    language = cast("Language", said.language or dialogue.language)
    if said.what == What.DECLINES:
        return replace(state, dialogue=None), Say(Word.DECLINED, language)
    consented = dialogue.consented or said.what == What.CONSENTS
    if not consented:
        return state, Say(Word.ASK, language)
    if said.check is None:
        going_on = replace(dialogue, language=language, consented=True)
        return replace(state, dialogue=going_on), Say(Word.ASK_DIGITS, language)
    return _tried(state, time), Look(said.check, language)


def _tried(state: Asker, time: int) -> Asker:
    """Return the asker after a try, whatever comes of it: the dialogue is over."""
    return replace(state, dialogue=None, tries=state.tries + 1, hour_ends=state.hour_ends or time + HOUR)
