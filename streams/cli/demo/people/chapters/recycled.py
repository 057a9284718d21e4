"""A recycled number: who gets it inherits nothing, who gave it up sheds nothing (rule 10.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.cli.demo._screen import hued
from streams.cli.demo.people.cast import short
from streams.cli.demo.people.colours import by, is_, never_accused
from streams.cli.demo.people.setting import DAY, binding, given_back
from streams.people.evidence import Document, PhoneAndDigits
from streams.people.phone_facts import SightingsStruck

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller
    from streams.people.bindings import Binding


def tell(teller: Teller) -> None:
    """Hand Qian's number to Zhou."""
    qian, zhou = teller.cast.qian, teller.cast.zhou
    phone = qian.carried()
    teller.chapter(
        "5  The recycled number",
        "Qian gave her number back, Zhou got it: he could be red for her trip, and she rid of it.",
    )
    teller.settled(
        f"phone {short(phone)} is {hued('red')}",
        "colour-changes",
        phone,
        lambda change: change.colour == "red",
    )
    teller.settled(
        is_(qian, "red", "the carrier still has her for it"),
        "person-colours",
        qian.person,
        by("red", ("signal", "STAYED")),
    )
    now = teller.now()
    _told(teller, "the carrier: for a week nobody has had it", given_back(qian, 2, now - 7 * DAY))
    _told(teller, f"the carrier: {zhou} has had it for five days", binding(zhou, 3, now - 5 * DAY))
    teller.recorded(
        "what she was seen at is not his: struck out", "identity-bindings", phone, SightingsStruck
    )
    teller.read("an exclusion for it", "exclusions", lambda one: one.value.phone == phone)
    teller.settled(
        f"phone {short(phone)} is {hued('green')}, by his five days",
        "colour-changes",
        phone,
        lambda change: change.colour == "green",
    )
    teller.settled(
        is_(zhou, "green", "he inherits nothing"),
        "person-colours",
        zhou.person,
        by("green", ("signal", "CLEAR")),
    )
    teller.still("and never was anything but green or unknown", "person-colours", zhou.person, never_accused)
    teller.settled(
        is_(qian, "red", "she sheds nothing with a card"),
        "person-colours",
        qian.person,
        by("red", ("kept", "STAYED")),
    )
    teller.gate(f"{zhou.name}, by his number and digits", PhoneAndDigits(phone, zhou.check), "pass", "CLEAR")
    teller.gate(f"{qian.name}, by her number as it was", PhoneAndDigits(phone, qian.check), "ask", "NO_MATCH")
    teller.gate(f"{qian.name}, by her card", Document(qian.person), "ask", "STAYED", "LEAD")
    teller.says("A number is no person: the red stays with whom it was, and with nobody else.")


def _told(teller: Teller, told: str, one: Binding) -> None:
    key, partition = codecs.binding_place(one, teller.settings.partitions)
    teller.send(teller.names.identity_bindings, codecs.encode_binding(one), key, partition)
    teller.read(told, "identity-bindings", lambda read: read.value == one)
