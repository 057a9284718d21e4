"""The story stops at the first line that is not so, and names it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner

from streams.__main__ import shendeng
from streams.agents.colours import first_policy
from streams.cli.demo._screen import Screen
from streams.cli.demo.people.cast import drawn
from streams.cli.demo.people.colours import by
from streams.cli.demo.people.ledger import Ledger
from streams.cli.demo.people.reading import Read
from streams.cli.demo.people.teller import Teller, WrongError
from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.codes.claims import Colour
from streams.people.combined import Source
from streams.people.commands import Recorded
from streams.people.evidence import Document
from streams.people.gate import check
from streams.people.passes import Passes, PassIssued, nameless
from streams.people.person_colour import PersonColour
from streams.people.referred import FindingRecorded
from streams.people.strictness import GatePolicy
from streams.people.vouched import HeldPhone, PersonPhone
from streams.settings import Settings
from streams.topics import Names

if TYPE_CHECKING:
    from collections.abc import Sequence

CAST = drawn(lambda count: bytes(range(count)))
LI = CAST.li
STAYED = Source("signal", "red", (Reason("STAYED", "A", 1, 0, 900, 240),), 0)
RED = PersonColour(LI.person, 1, None, "red", (STAYED,), 0)


class Topics:
    """What stands in the topics when the story begins; nothing comes after."""

    def __init__(self, *values: PersonColour) -> None:
        self._read = [Read("person-colours", 2, n, 0, one.person, one) for n, one in enumerate(values)]

    def of(self, topic: str) -> Sequence[Read]:
        return self._read if topic == "person-colours" else []

    def look(self) -> None: ...

    def all_there_is(self) -> None: ...


def teller(*values: PersonColour) -> Teller:
    seconds = count(0, 10)
    nothing: Any = None
    return Teller(
        Settings(),
        Names(),
        CAST,
        nothing,
        cast("Any", Topics(*values)),
        Ledger(first_policy(Settings())),
        nothing,
        Screen(lambda: 0.0, terminal=False),
        running=lambda: None,
        now=lambda: 1_790_000_000,
        monotonic=lambda: float(next(seconds)),
    )


def test_a_line_is_told_with_where_it_was_read(capsys: pytest.CaptureFixture[str]) -> None:
    told = teller(RED)
    told.settled("Li is red", "person-colours", LI.person, by("red", ("signal", "STAYED")))
    assert capsys.readouterr().out.split() == ["person-colours", "2@0", "Li", "is", "red"]
    assert told.told == 1


@pytest.mark.parametrize(
    "wanted",
    [
        by("green", ("signal", "CLEAR")),
        by("red", ("kept", "STAYED")),
        by("red", ("signal", "STAYED"), manual=True),
        by("red", ("signal", "STAYED"), ("declaration", "STAYED")),
    ],
)
def test_a_colour_or_a_source_that_never_comes_is_named_with_what_was_read_last(wanted: Any) -> None:
    with pytest.raises(
        WrongError,
        match=r"'Li is otherwise' was not read within .* person-colours: red at person-colours 2@0",
    ):
        teller(RED).settled("Li is otherwise", "person-colours", LI.person, wanted)


def test_a_gate_that_decides_otherwise_is_named_with_its_decision() -> None:
    with pytest.raises(WrongError, match=r"'Li: pass \(CLEAR\)' is not so; found ask \(NO_MATCH\)"):
        teller().gate("Li", Document(LI.person), "pass", "CLEAR")


def test_a_gate_holds_for_a_red_once_the_topic_of_referrals_says_that_somebody_found_it_confirmed() -> None:
    ledger, found = Ledger(first_policy(Settings())), FindingRecorded("STAYED", "A", True, "T-1")
    said = PersonPhone(LI.person, bytes(16), HeldPhone(0, None, STAYED.reasons, 0, lead=False))
    ledger.take(Read("person-phones", 0, 0, 0, b"", said))
    decisions = [check("document", ledger.roll.facts(LI.person, 900), GatePolicy(), [], 900).decision]
    fact = Recorded(LI.person.hex(), 2, "c-1", Actor("wang", Role.COMMUNITY, "lane-7"), 900_000, found)
    ledger.take(Read("referrals", 0, 0, 0, b"", fact))
    decisions.append(check("document", ledger.roll.facts(LI.person, 900), GatePolicy(), [], 900).decision)
    assert decisions == ["ask", "hold"]


def test_what_is_left_of_an_erased_holders_pass_is_revoked_and_nobodys() -> None:
    ledger, name = Ledger(first_policy(Settings())), bytes(16)
    state = Passes(issued={name: PassIssued(name, Colour.GREEN, 900, 9000, 7)})
    for facts in nameless(state, 900):
        for fact in facts:
            ledger.take(Read("passes", 0, 0, 0, b"", fact))
    assert ledger.roll.passes == {}
    assert [list(one.revoked) for one in ledger.passes.values()] == [[name]]


def test_what_was_ever_otherwise_is_not_still_so() -> None:
    green = PersonColour(LI.person, 2, "red", "green", (), 0)
    with pytest.raises(WrongError, match="'Li was green' is not so"):
        teller(RED, green).still(
            "Li was green", "person-colours", LI.person, lambda one: one.colour == "green"
        )


@pytest.mark.parametrize("words", [("--keep",), ("--phones", "300"), ("--speed", "1"), ("--seed", "1")])
def test_options_of_the_city_are_refused_beside_the_story(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(shendeng, ["demo", "--story", *words])
    assert done.exit_code == 2
    assert f"{words[0]} is of the city" in done.stderr
