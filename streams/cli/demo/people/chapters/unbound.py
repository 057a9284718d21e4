"""A number bound to nobody: it vouches for nobody, two officers bind it, and it stays a lead (rule 10.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo._screen import hued
from streams.cli.demo.people.cast import GAO, LUO, short
from streams.cli.demo.people.colours import by, is_
from streams.cli.demo.people.setting import DAY
from streams.people.evidence import Document, PhoneAndDigits
from streams.people.manual import AgreeToBinding, ConfirmBinding, ProposeBinding
from streams.people.phone_facts import BindingConfirmed, BindingProposed, HolderAgreed

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller

BOTH = (("signal", "STAYED"), ("signal", "PASSED_THROUGH"))


def tell(teller: Teller) -> None:
    """Find Zhao's phone its holder."""
    zhao = teller.cast.zhao
    phone = zhao.carried()
    teller.chapter(
        "3  The number that belongs to nobody",
        "Zhao bought his card at a stall: the carrier knows no name, so whom would its colour be of?",
    )
    teller.settled(
        f"phone {short(phone)} is {hued('red')}: it stayed in the fish hall",
        "colour-changes",
        phone,
        lambda change: change.colour == "red",
    )
    teller.gate("its number and his digits", PhoneAndDigits(phone, zhao.check), "ask", "NO_MATCH")
    waiting = [one.phone for one in teller.ledger.unbound(teller.now())]
    teller.worked_out(
        "review queue",
        f"{len(waiting)} phones wait, this one among them",
        holds=phone in waiting,
        found=str(len(waiting)),
    )
    _bound_by_hand(teller)
    teller.settled(
        is_(zhao, "red", "by a phone bound by hand"),
        "person-colours",
        zhao.person,
        by("red", *BOTH, manual=True),
    )
    card = Document(zhao.person)
    teller.gate("at the gate, a lead", card, "ask", "STAYED", "PASSED_THROUGH", "LEAD")
    teller.says("Nobody is held for what two officers have put together: they ask.")
    teller.ask(phone, AgreeToBinding(), zhao.actor())
    teller.recorded(f"{zhao} agrees that it is his", "identity-bindings", phone, HolderAgreed)
    teller.settled(is_(zhao, "red", "by his own phone"), "person-colours", zhao.person, by("red", *BOTH))
    teller.gate("at the gate", card, "register", "STAYED", "PASSED_THROUGH", "LEAD")
    teller.says("Now his passage counts. The red holds nobody before somebody has looked into it.")


def _bound_by_hand(teller: Teller) -> None:
    zhao = teller.cast.zhao
    phone = zhao.carried()
    since = teller.now() - 9 * DAY
    teller.ask(phone, ProposeBinding(zhao.person, since, "document_seen", "T-31"), GAO)
    teller.recorded(
        f"officer Gao proposes {zhao}: document seen, ticket T-31",
        "identity-bindings",
        phone,
        BindingProposed,
    )
    alone = teller.ask(phone, ConfirmBinding(zhao.person), GAO)
    teller.refused("Gao cannot confirm it too", alone, "same_officer")
    teller.ask(phone, ConfirmBinding(zhao.person), LUO)
    teller.recorded("officer Luo confirms: bound by hand", "identity-bindings", phone, BindingConfirmed)
