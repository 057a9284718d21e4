"""A scenario of asking by SMS, read and run.

`texts` are what a phone sends, each with the minute it comes (`4 Y1234`, `4:30 Y1234`), through the carrier's
switchboard and the dialogue; what is expected is what each is answered: null (silence), `asks`, `asks
digits`, `how`, `declined`, `refused` or `looks`, in English with ` in English` behind it. `again-1: …` is a
text of that id. The phone's holder has the document 123X unless the phone is `unbound` or `unknown`. `diary`
are sightings as the colour rules' scenarios write them, `asked` when somebody asks; cities are shapes by the
names `name english`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from streams.domain.hexes import cells_of
from streams.domain.policy import Deployment, Policy
from streams.domain.records import Excluded, Exclusion, Sightings, TimeAdvanced
from streams.domain.slots import slot_of
from streams.people.bindings import Binding
from streams.people.codes.digits import CheckKey
from streams.people.phones import Phone, entered
from streams.people.pseudonyms import Key, Keys
from streams.people.sms import wording
from streams.people.sms.dialogue import NOBODY, Asker, Look, Say, Word, heard
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.holding import fits
from streams.people.sms.itinerary import DAYS, City, Itinerary
from streams.people.sms.said import SmsInbound, SmsOutbound
from streams.people.sms.switchboard import Sending, Switchboard
from streams.window.touring import Touring
from streams.window.window import Window
from tests.scenarios import places
from tests.scenarios.notation import phone, seconds, sightings, time_text

START: Final = 1_600_000_000
NUMBER: Final = "+8613912345678"
KEYS: Final = Keys(Key(1, bytes(range(32))))
CHECKS: Final = CheckKey(bytes(range(1, 33)))
HOLDER: Final = bytes([1, 5]) * 8
WORDS: Final = {
    Word.ASK: "asks",
    Word.ASK_DIGITS: "asks digits",
    Word.HOW: "how",
    Word.DECLINED: "declined",
}
PHONES: Final = {
    "bound": Binding(b"", 1, HOLDER, "mobile", 0, check=CHECKS.value("123X")),
    "unbound": Binding(b"", 1, None, "mobile", 0),
    "bound without digits": Binding(b"", 1, HOLDER, "mobile", 0),
    "unknown": None,
}


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    expect: Any
    carrier: str = "mobile"
    phone: str = "bound"
    texts: list[str] = field(default_factory=list)
    diary: list[str] = field(default_factory=list)
    cities: dict[str, str] = field(default_factory=dict)
    asked: str = ""
    minutes: int = 240
    policy: dict[str, Any] = field(default_factory=dict)
    struck: bool = False
    itinerary: dict[str, Any] = field(default_factory=dict)
    language: str = "zh"


def told(scenario: Scenario) -> Any:
    """Return what came out, in the words of what is expected."""
    if scenario.itinerary:
        return parts_of(scenario)
    return itinerary_of(scenario) if scenario.asked else Dialogue(scenario).answers


def a_phone(kind: str) -> Phone:
    binding = PHONES[kind]
    return Phone() if binding is None else entered(Phone(), binding)


class Dialogue:
    """Texts of one phone, and what each led to."""

    def __init__(self, scenario: Scenario) -> None:
        self.board = Switchboard(GRAMMARS[scenario.carrier], KEYS, CHECKS)
        self.entered: list[SmsInbound] = []
        self.answers: list[str | None] = []
        self._asker: Asker = NOBODY
        self._phone = a_phone(scenario.phone)
        for number, row in enumerate(scenario.texts):
            minute, _, text = row.partition(" ")
            message, _, words = (
                text.partition(": ") if text.startswith("again") else (f"m-{number}", "", text)
            )
            self.answers.append(self.text(message, words, minute))

    def text(self, message: str, text: str, minute: str) -> str | None:
        whole, _, second = minute.partition(":")
        time = START + int(whole) * 60 + int(second or 0)
        came = self.board.inward(message, NUMBER, text, time)
        if came is None:
            return None
        name, sms = came
        self.entered.append(sms)
        self._asker, move = heard(self._asker, GRAMMARS[sms.carrier], sms, time)
        match move:
            case Say(word, language):
                answer, said = WORDS[word], wording.said(word, language)
            case Look(check, language):
                fitting = fits(self._phone, check, time)
                answer = "looks" if fitting else "refused"
                said = () if fitting else wording.refused(language)
            case _:
                return None
        back = self.board.outward(name, SmsOutbound(sms.message, sms.carrier, said, time + 1), time)
        assert back == Sending(NUMBER, said, time + 1)
        return answer + (" in English" if language == "en" else "")


def itinerary_of(scenario: Scenario) -> dict[str, Any]:
    """Return the cities of phone `a` in order, and when it was last seen."""
    policy = Policy(**scenario.policy)
    window = Window(Deployment(14), policy)
    by_slot = defaultdict[int, list[Any]](list)
    for row in scenario.diary:
        for one in sightings(row, policy):
            by_slot[slot_of(one.second, policy.slot_minutes)].append(one)
    for slot, several in sorted(by_slot.items()):
        columns = [(one.phone, one.cell, slot, one.coarse) for one in several]
        window.apply(Sightings(several[-1].second, *map(list, zip(*columns, strict=True))), None)
    if scenario.struck:
        case = Exclusion("c", 1, phone("a"), None, seconds(scenario.asked))
        window.apply(Excluded(seconds(scenario.asked), case), None)
    window.apply(TimeAdvanced(seconds(scenario.asked)), None)
    cells = {
        cell: number
        for number, shape in enumerate(scenario.cities.values())
        for cell in cells_of(places.geometry(shape), policy.resolution)
    }
    found = Touring(window, cells.get, len(scenario.cities)).of(phone("a"), DAYS, scenario.minutes)
    named = [name.partition(" ")[2] for name in scenario.cities]
    return {"cities": [named[city] for city in found.cities], "seen": time_text(found.seen)}


def parts_of(scenario: Scenario) -> list[str]:
    """Return an itinerary as it is answered; `cities` are `name english` each."""
    row = dict(scenario.itinerary)
    cities = row.pop("cities", None)
    clock, seen = (
        None if (text := row.pop(key, None)) is None else seconds(text) for key in ("clock", "seen")
    )
    named = None if cities is None else tuple(City(*name.split(" ", 1)) for name in cities)
    one = Itinerary(
        "r", row.pop("minutes", 240), DAYS, row.pop("timezone", "Asia/Shanghai"), clock, seen, named
    )
    assert not row, row
    return list(wording.told(one, "en" if scenario.language == "en" else "zh"))
