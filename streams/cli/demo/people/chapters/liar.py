"""A traveller who declares a stay, sees red and takes it back: red he stays, and is asked (rule 11.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo.people.cast import WANG
from streams.cli.demo.people.colours import by, is_
from streams.cli.demo.people.setting import DAY, FISH_HALL, hall_cell
from streams.people.codes.refusals import Refusal
from streams.people.declarations import Declare
from streams.people.evidence import Document
from streams.people.passes import TURNED, IssuePass, PassIssued, PassRevoked
from streams.people.phoneless import RecordNoPhone
from streams.people.questions import QuestionRaised
from streams.people.said import Declared
from streams.people.statements import Place, Statement

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller

RED = (("signal", "CLEAR"), ("declaration", "STAYED"))


def tell(teller: Teller) -> None:
    """Let Sun try."""
    sun = teller.cast.sun
    teller.chapter(
        "4  The liar",
        "Sun slept in the fish hall, his phone at home. Who sees red could type `nowhere`, and be green.",
    )
    teller.settled(
        is_(sun, "green", "his phone never left home"),
        "person-colours",
        sun.person,
        by("green", ("signal", "CLEAR")),
    )
    teller.ask(sun, IssuePass(), sun.actor())
    issued = teller.recorded("he has a paper pass issued, green", "passes", sun, PassIssued)
    teller.office.prints(issued, sun.name)
    stayed = Place((hall_cell(teller.settings),), True, teller.now() - 3 * DAY, teller.now() - DAY)
    teller.ask(sun, Declare(Statement((stayed,))), sun.actor())
    teller.settled(is_(sun, "red", "he declares his stay"), "person-colours", sun.person, by("red", *RED))
    revoked = teller.recorded("his paper pass is revoked in the same transaction", "passes", sun, PassRevoked)
    teller.held(
        "it is his pass, for he has turned", revoked == PassRevoked(issued.pass_id, TURNED), str(revoked.why)
    )
    _offline(teller)
    _takes_it_back(teller)
    teller.gate("at the gate", Document(sun.person), "ask", "STAYED", "CLEAR", "LEAD")
    teller.says("The liar is red still, and somebody will ask him why.")


def _offline(teller: Teller) -> None:
    sun = teller.cast.sun
    teller.office.publishes_list(teller.ledger.passes.values(), teller.now())
    verdict = teller.office.verifies(sun, teller.now())
    teller.worked_out(
        "gate, offline",
        f"with today's list his paper is refused: {Refusal.REVOKED}",
        holds=verdict.refused is Refusal.REVOKED,
        found=f"{verdict.refused}",
    )


def _takes_it_back(teller: Teller) -> None:
    sun = teller.cast.sun
    teller.ask(sun, Declare(Statement()), sun.actor())
    teller.read(
        "he corrects it to nowhere: milder, so it waits for an officer",
        "declarations",
        lambda one: (
            one.value.aggregate == sun.person.hex()
            and isinstance(one.value.body, Declared)
            and one.value.body.effect == "milder"
        ),
    )
    question = teller.recorded(
        "CONTRADICTED: he is asked about the stay that he hides", "declarations", sun, QuestionRaised
    )
    teller.held("he is asked about that", question == QuestionRaised("STAYED", FISH_HALL), str(question))
    third = teller.ask(sun, Declare(Statement()), sun.actor())
    teller.refused("he tries again", third, "no_more_corrections")
    phoneless = teller.ask(sun, RecordNoPhone(), WANG)
    teller.refused("he says that he has no phone", phoneless, "phone_observed")
    told = [one.value.colour for one in teller.all_of("person-colours", sun.person)]
    after = told[told.index("red") :]
    teller.worked_out(
        "person-colours",
        f"{sun.name} turned red once, and nothing has changed since",
        holds=after == ["red"],
        found=str(after),
    )
