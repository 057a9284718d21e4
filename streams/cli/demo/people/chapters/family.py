"""A grandmother whose daughter acts for her: with consent, and without seeing where she was (rule 11.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.cli.demo.people.colours import by, is_
from streams.people.combined import combined
from streams.people.evidence import Pass
from streams.people.passes import IssuePass, PassIssued
from streams.people.proxies import PREFIX, ConsentGiven, GiveConsent, WithdrawConsent, as_a_proxy_sees
from streams.people.said import ProxyNoted

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller


def tell(teller: Teller) -> None:
    """Let Mei fetch a pass for Chen, and no more."""
    chen, mei = teller.cast.chen, teller.cast.mei
    proxy = PREFIX + mei.person.hex()
    teller.chapter(
        "2  The grandmother and her daughter",
        "Chen, 66, has a phone and no patience with it. Whoever acts for her could see where she was.",
    )
    teller.settled(
        is_(chen, "yellow", "her phone passed the old ferry"),
        "person-colours",
        chen.person,
        by("yellow", ("signal", "PASSED_THROUGH")),
    )
    early = teller.ask(chen, IssuePass(), mei.actor())
    teller.refused(f"{mei} asks for a pass for her, without her consent", early, "not_the_holder")
    teller.ask(proxy, GiveConsent(chen.person.hex()), chen.actor())
    teller.recorded(f"{chen} consents: {mei.name} acts for her", "declarations", proxy, ConsentGiven)
    teller.recorded("it is noted with her", "declarations", chen, ProxyNoted)
    teller.ask(chen, IssuePass(), mei.actor())
    issued = teller.recorded("Mei has her pass issued, and it says so: by proxy", "passes", chen, PassIssued)
    teller.held("a proxy's pass says so", issued.by_proxy and issued.colour == "yellow", str(issued))
    pdf = teller.office.prints(issued, chen.name)
    teller.worked_out("printer", f"her paper pass: {pdf}", holds=pdf.exists(), found="no PDF")
    _seen_by_the_proxy(teller)
    shown = Pass(issued.pass_id, "paper_pass")
    teller.gate("at the gate", shown, "register", "PASSED_THROUGH", "BY_PROXY", by_proxy=issued.by_proxy)
    teller.ask(proxy, WithdrawConsent(chen.person.hex()), chen.actor())
    teller.read(
        "Chen withdraws her consent",
        "declarations",
        lambda one: one.value.body == ProxyNoted(mei.person.hex(), acts=False),
    )
    late = teller.ask(chen, IssuePass(), mei.actor())
    teller.refused("Mei asks once more", late, "not_the_holder")
    teller.says("The daughter helped, saw no place and no hour, and stopped when she was told to.")


def _seen_by_the_proxy(teller: Teller) -> None:
    now = teller.now()
    facts = teller.ledger.roll.facts(teller.cast.chen.person, now)
    assert facts is not None  # noqa: S101 - her colour was read above
    whole = combined(facts, now, signal_required=True)
    seen = as_a_proxy_sees(whole).reasons()
    known = any(reason.area for reason in whole.reasons())
    hidden = known and not any(one.area or one.from_ or one.until or one.dwell_minutes for one in seen)
    codes = ", ".join(one.code for one in seen)
    teller.worked_out(
        "the daughter's page", f"{whole.colour}, {codes}: no visits", holds=hidden, found=str(seen)
    )
