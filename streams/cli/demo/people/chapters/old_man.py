"""An old man without a phone: recorded, a paper pass, the gate to the market (rules 12.2, 13.2, 13.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo.people.cast import LIN, WANG
from streams.cli.demo.people.colours import by, is_
from streams.people.codes.refusals import Refusal
from streams.people.declarations import Declare
from streams.people.evidence import Document, Pass
from streams.people.passes import IssuePass, PassIssued
from streams.people.phoneless import NoPhoneProposed, NoPhoneRecorded, RecordNoPhone
from streams.people.said import Declared
from streams.people.statements import Statement

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller


def tell(teller: Teller) -> None:
    """Bring Li to the market."""
    li = teller.cast.li
    teller.chapter(
        "1  The old man without a phone",
        "Li is 78 and has no phone. Where a code is the only way in, he does not get to the market.",
    )
    ask = teller.gate(f"{li} shows his identity card", Document(li.person), "ask", "NO_SIGNAL")
    others = ", ".join(way.en for way in ask.ways())
    teller.worked_out("", f"accepted as well: {others}", holds="paper_pass" in ask.accepted, found=others)
    _recorded(teller)
    issued = _pass(teller)
    _checked_offline(teller)
    teller.gate("the gate to the market", Pass(issued.pass_id, "paper_pass"), "pass", "CLEAR")
    teller.says("The old man reaches the market.")


def _recorded(teller: Teller) -> None:
    li = teller.cast.li
    teller.ask(li, RecordNoPhone(), WANG)
    teller.recorded(f"worker Wang proposes NO_PHONE for {li}", "declarations", li, NoPhoneProposed)
    again = teller.ask(li, RecordNoPhone(), WANG)
    teller.refused("Wang alone cannot record it", again, "two_people_needed")
    teller.ask(li, RecordNoPhone(), LIN)
    teller.recorded("worker Lin records it with her: NO_PHONE", "declarations", li, NoPhoneRecorded)


def _pass(teller: Teller) -> PassIssued:
    li = teller.cast.li
    teller.ask(li, Declare(Statement()), WANG)
    said = teller.recorded(f"{li} declares at the office: nowhere of note", "declarations", li, Declared)
    teller.held("the office wrote it down", said.by == "office", said.by)
    teller.settled(
        is_(li, "green", "by his word, since no signal is required of him"),
        "person-colours",
        li.person,
        by("green", ("declaration", "CLEAR")),
    )
    teller.ask(li, IssuePass(), WANG)
    issued = teller.recorded("Wang has a pass issued for 72 hours", "passes", li, PassIssued)
    assert isinstance(issued, PassIssued)  # noqa: S101 - asked for just this
    teller.held(
        "the pass is green and says NO_PHONE",
        issued.colour == "green" and issued.no_phone,
        str(issued.colour),
    )
    pdf = teller.office.prints(issued, li.name)
    teller.office.publishes_list(teller.ledger.passes.values(), teller.now())
    printed = pdf.read_bytes().startswith(b"%PDF")
    teller.worked_out("printer", f"his paper pass, A6: {pdf}", holds=printed, found="no PDF")
    return issued


def _checked_offline(teller: Teller) -> None:
    li, now = teller.cast.li, teller.now()
    verdict = teller.office.verifies(li, now)
    good = verdict.refused is None and not verdict.undone and verdict.code is not None
    teller.worked_out(
        "gate, offline", "signature, times, list and digits are good", holds=good, found=f"{verdict}"
    )
    other = teller.office.verifies(li, now, teller.cast.qian.digits)
    teller.worked_out(
        "gate, offline",
        f"with another person's digits it is refused: {Refusal.OTHER_DIGITS}",
        holds=other.refused is Refusal.OTHER_DIGITS,
        found=f"{other.refused}",
    )
