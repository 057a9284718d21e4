"""A community with a stricter order: who ordered it and until when is said at its gate (rule 12.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams import codecs
from streams.cli.demo.people.cast import COMMUNITY
from streams.cli.demo.people.setting import DAY
from streams.cli.demo.people.teller import GATE
from streams.codecs.times import text
from streams.people.evidence import PhoneAndDigits
from streams.people.gate import Orderer
from streams.people.orders import Order, refusal

if TYPE_CHECKING:
    from streams.cli.demo.people.teller import Teller


def tell(teller: Teller) -> None:
    """Make one gate stricter, for two days, by name."""
    zhou = teller.cast.zhou
    teller.chapter(
        "6  The community that is stricter than others",
        "A gate could let nobody in, on nobody knows whose word, for nobody knows how long.",
    )
    since = teller.now()
    order = Order(
        "temple-fair",
        1,
        COMMUNITY,
        "Old Wharf street office",
        ("Tang Yuan", "Shen Ke"),
        "the temple fair: every visitor is written down",
        since,
        since + 2 * DAY,
        {"green": "register", "unknown": "register"},
    )
    shut = replace(order, id="shut", table={"green": "hold"})
    refused = refusal(shut, GATE)
    code = "none" if refused is None else refused.code
    teller.worked_out(
        "the office's form",
        "an order to hold the green is refused: too_strict",
        holds=code == "too_strict",
        found=code,
    )
    teller.held("the order may stand", refusal(order, GATE) is None, str(refusal(order, GATE)))
    shown = PhoneAndDigits(zhou.carried(), zhou.check)
    teller.gate(f"{zhou.name} before the order", shown, "pass", "CLEAR")
    teller.send(teller.names.orders, codecs.encode_order(order), order.id.encode())
    teller.read(f"the order, public: {order.reason}", "orders", lambda one: one.value == order)
    orders = teller.ledger.orders.of(COMMUNITY, teller.now())
    answer = teller.gate(f"{zhou.name} at Old Wharf", shown, "register", "CLEAR", orders=orders)
    [orderer] = answer.ordered_by or (Orderer("nobody", ()),)
    teller.worked_out(
        "its answer",
        f"ordered by {orderer.office}, {' and '.join(orderer.names)}, until {text(order.until)}",
        holds=orderer == Orderer(order.office, order.names),
        found=str(orderer),
    )
    teller.gate(f"{zhou.name} anywhere else", shown, "pass", "CLEAR")
    teller.says("Stricter, by two names, for a reason, with an end; and nobody green is turned away.")
