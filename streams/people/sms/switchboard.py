"""The carrier's side: numbers become pseudonyms on the way in and numbers again on the way out (rule 14.4).

What is not needed to answer does not pass: of a text its meaning, of digits their check value. Numbers are
kept in memory for as long as a dialogue may take, and nowhere else. Times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from streams.people.numbers import is_e164
from streams.people.sms.dialogue import DIALOGUE
from streams.people.sms.grammar import read
from streams.people.sms.said import SmsInbound

if TYPE_CHECKING:
    from streams.people.codes.digits import CheckKey
    from streams.people.pseudonyms import Keys
    from streams.people.sms.grammar import Grammar
    from streams.people.sms.said import SmsOutbound


class Sending(NamedTuple):
    """Texts for a number, in order; from `until` on nothing of it is sent or kept."""

    number: str
    parts: tuple[str, ...]
    until: int


class NumberError(ValueError):
    """A number is not as E.164 writes it; it is not shown."""


@dataclass(slots=True)
class Switchboard:
    """One carrier's; `keys` and `check_key` are those its bindings are published with."""

    grammar: Grammar
    keys: Keys = field(repr=False)
    check_key: CheckKey = field(repr=False)
    _numbers: dict[bytes, tuple[str, int]] = field(default_factory=dict, repr=False)
    """By pseudonym: the number, and when it is forgotten; in the order of that."""

    def inward(self, message: str, number: str, text: str, time: int) -> tuple[bytes, SmsInbound] | None:
        """Return the phone and what its text says; None for one that says nothing: it goes nowhere.

        During a rotation the phone is asked about by its old pseudonym, whose diary is whole (rule 6.7).
        NumberError for what is no number.
        """
        self.forget(time)
        if not is_e164(number):
            raise NumberError("expected a number as E.164 writes it: a plus, the country's code, digits")
        said = read(self.grammar, text)
        if said is None:
            return None
        phone = self.keys.all()[0].pseudonym(number)
        self._numbers.pop(phone, None)
        self._numbers[phone] = number, time + DIALOGUE
        check = None if said.digits is None else self.check_key.value(said.digits)
        return phone, SmsInbound(message, self.grammar.carrier, said.what.value, said.language, check)

    def outward(self, phone: bytes, answer: SmsOutbound, time: int) -> Sending | None:
        """Return what to send to which number; None where that is forgotten, or another carrier's."""
        self.forget(time)
        if answer.carrier != self.grammar.carrier or time >= answer.until or phone not in self._numbers:
            return None
        number, until = self._numbers[phone]
        return Sending(number, answer.parts, min(until, answer.until))

    def forget(self, time: int) -> None:
        """Forget the numbers whose ten minutes are over."""
        for phone, (_, until) in list(self._numbers.items()):
            if time < until:
                break
            del self._numbers[phone]

    def __len__(self) -> int:
        """Return how many numbers are kept."""
        return len(self._numbers)
