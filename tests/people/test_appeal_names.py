"""What appeals and what follows of them are named by: never a person, and never the same twice (19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.domain.records import Reason
from streams.people import appeals
from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, nothing_known, recorded
from streams.people.appealed import AppealOpened, Matter
from streams.people.appeals import Around, ConfirmUphold, OpenAppeal, ProposeUphold
from streams.people.bindings import Binding
from streams.people.commands import Command, Recorded, Refused
from streams.people.phone_facts import BindingCorrected, CaseStruck
from streams.people.phones import Phone, entered
from streams.people.referred import FindingRecorded
from streams.people.referring import REFERRING, appeal
from streams.people.said import Declarations
from tests.people.appeal_desk import Desk, resident
from tests.people.gate_course import DAY, FIRST

if TYPE_CHECKING:
    from collections.abc import Callable

LI, PHONE, OTHER = (bytes((1, number)) * 8 for number in (1, 2, 3))
ONE, TWO = Actor("one", Role.OFFICER, "county"), Actor("two", Role.OFFICER, "city")
OPEN: Final = OpenAppeal("reason", "STAYED", "A")


def stay(day: int) -> tuple[Reason, ...]:
    return (Reason("STAYED", "A", 1, FIRST + day * DAY, FIRST + (day + 1) * DAY, 1440),)


def a_desk() -> Desk:
    """Return a desk where a phone with two pseudonyms accuses Li."""
    made = Desk()
    binding = Binding(PHONE, 1, LI, "mobile", FIRST, other_phone=OTHER)
    made.phones[PHONE], made.seen[PHONE] = entered(Phone(), binding), stay(1)
    return made


def uphold(desk: Desk, day: int, ground: Any, **span: int) -> None:
    """Let Li appeal on a day, and two officers agree."""
    person, at = LI.hex(), (FIRST + day * DAY) * 1000

    def ask(step: int, actor: Actor, body: Any) -> None:
        made = desk.deliver(Command(f"day-{day}-{step}", person, actor, at, body))
        assert not isinstance(made, Refused), made

    ask(1, resident(person), OPEN)
    name = desk.of("appeals", person).pending()[-1].name
    ask(2, ONE, ProposeUphold(name, ground, "T-1", PHONE.hex(), **span))
    version = desk.of("appeals", person).pending()[-1].proposal.version
    ask(3, TWO, ConfirmUphold(name, version))


def test_what_a_phone_records_of_an_upheld_appeal_does_not_say_whose_it_was() -> None:
    for ground in ("boundary", "not_my_phone"):
        desk = a_desk()
        uphold(desk, 4, ground, **({} if ground == "not_my_phone" else {"from_": FIRST}))
        of_phones = [one for one in desk.facts if one.aggregate == PHONE.hex()]
        assert of_phones
        unnamed = [one for one in of_phones if not isinstance(one.body, BindingCorrected)]
        spelled = [codecs.encode_recorded(one) for one in unnamed]
        assert not any(word in value for word in (LI, LI.hex().encode()) for value in spelled)


def test_who_was_erased_comes_back_and_is_upheld_again_has_it_struck_again() -> None:
    desk = a_desk()
    uphold(desk, 4, "boundary", from_=FIRST, until=FIRST + 3 * DAY)
    del desk.known["appeals", LI.hex()]
    desk.seen[PHONE] = stay(6)
    uphold(desk, 9, "boundary", from_=FIRST + 5 * DAY, until=FIRST + 8 * DAY)
    struck = [one for one in desk.facts if isinstance(one.body, CaseStruck) and one.body.phone == PHONE]
    assert [one.body.from_ for one in struck] == [FIRST, FIRST + 5 * DAY]


def test_a_finding_after_an_erasure_opens_an_appeal_under_another_name_than_one_before() -> None:
    asked = [appeal(refuted(at), ()) for at in (FIRST, FIRST + DAY)]
    assert len({one.id for one in asked if one is not None}) == 2
    assert appeal(refuted(FIRST), ()) == asked[0]


def refuted(at: int) -> Recorded[Any]:
    body = FindingRecorded("STAYED", "A", confirmed=False, ticket="T-1")
    return Recorded(LI.hex(), 3, "c-1", ONE, at * 1000, body)


def asked_for(
    draw: Callable[[], bytes], actor: Actor, *, referred: bool = False, times: int = 1
) -> list[AppealOpened] | Refused:
    """Return what came of one command to appeal, sent once or again."""
    matters = frozenset({Matter("reason", "STAYED", "A")})
    around = Around(Declarations(), matters, frozenset(), 8, referred=referred)
    rules = appeals.rules(lambda _, __: around, draw)
    known, opened = nothing_known(rules), list[AppealOpened]()
    for _ in range(times):
        made = decided(rules, known, Command("c-1", LI.hex(), actor, FIRST * 1000, OPEN))
        if isinstance(made, Refused):
            return made
        for fact in made:
            known = recorded(rules, known, fact)
            assert isinstance(fact.body, AppealOpened)
            opened.append(fact.body)
    return opened


def test_an_appeal_is_named_by_what_was_drawn_and_a_repeat_draws_nothing() -> None:
    drawn = iter((b"a" * 12, b"b" * 12))
    found = [asked_for(lambda: next(drawn), resident(LI.hex()), times=3) for _ in range(2)]
    names = [one.appeal for some in found if not isinstance(some, Refused) for one in some]
    assert names == [f"appeal-{(letter * 12).hex()}" for letter in (b"a", b"b")]


def test_a_referral_of_which_nothing_is_known_any_more_appeals_for_nobody() -> None:
    refused = asked_for(lambda: bytes(12), REFERRING)
    assert isinstance(refused, Refused)
    assert refused.code == "nothing_to_appeal"
    found = asked_for(lambda: bytes(12), REFERRING, referred=True)
    assert not isinstance(found, Refused)
    assert [one.by for one in found] == ["referral"]
