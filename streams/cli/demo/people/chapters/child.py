"""A child's phone with a guardian: the colour is the child's, and nobody else's (rule 11.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo.people.cast import GAO, LUO, WANG
from streams.cli.demo.people.colours import by, is_, never_accused
from streams.cli.demo.people.setting import DAY
from streams.people.evidence import Document
from streams.people.manual import ConfirmBinding, ProposeBinding
from streams.people.passes import IssuePass, PassIssued
from streams.people.phone_facts import BindingConfirmed
from streams.people.proxies import PREFIX, GiveConsent
from streams.people.said import ProxyNoted

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller


def tell(teller: Teller) -> None:
    """Bind Bao's phone to Bao."""
    bao, he = teller.cast.bao, teller.cast.he
    phone = bao.carried()
    teller.chapter(
        "7  The child's phone",
        "Bao, 8, took the old ferry with his school. In his mother's name, his card would make her yellow.",
    )
    teller.settled(
        is_(he, "green", "by her own phone"), "person-colours", he.person, by("green", ("signal", "CLEAR"))
    )
    teller.ask(phone, ProposeBinding(bao.person, teller.now() - 9 * DAY, "guardian", "T-32", he.person), GAO)
    teller.ask(phone, ConfirmBinding(bao.person), LUO)
    bound = teller.recorded(
        f"bound to {bao}, with {he} as guardian", "identity-bindings", phone, BindingConfirmed
    )
    teller.held("the guardian is named", bound.guardian == he.person, str(bound.reason))
    teller.settled(
        is_(bao, "yellow", "his phone, bound by hand, passed the old ferry"),
        "person-colours",
        bao.person,
        by("yellow", ("signal", "PASSED_THROUGH"), manual=True),
    )
    teller.still("his mother is what she was", "person-colours", he.person, never_accused)
    teller.ask(PREFIX + he.person.hex(), GiveConsent(bao.person.hex(), "guardian", "paper 7"), WANG)
    teller.recorded(
        "his mother acts for him: a guardian's paper at the office", "declarations", bao, ProxyNoted
    )
    teller.ask(bao, IssuePass(), he.actor())
    issued = teller.recorded("she fetches his paper pass, yellow as he is", "passes", bao, PassIssued)
    teller.held(
        "the child's pass has the child's colour",
        issued.colour == "yellow" and issued.by_proxy,
        str(issued.colour),
    )
    teller.gate("the child", Document(bao.person), "ask", "PASSED_THROUGH", "LEAD")
    teller.gate("his mother", Document(he.person), "pass", "CLEAR")
    teller.says("The colour is the child's; and it is a lead, so he is asked, not stopped.")
