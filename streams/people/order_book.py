"""The order book: every order's latest version, and which of them hold in a community now (rule 12.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streams.people.orders import in_force, unsound

if TYPE_CHECKING:
    from streams.people.orders import Order


@dataclass(slots=True)
class OrderBook:
    """A projection of the topic `orders`: versions may come in any order and more than once."""

    orders: dict[str, Order] = field(default_factory=dict)
    """By id; withdrawn ones too, so that an earlier version that comes later does not bring one back."""

    def enter(self, new: Order) -> bool:
        """Take a version if it is higher than the one that stands and no gate would be wronged by it.

        What is milder than a policy of today is taken: it makes no table milder (`orders.ordered`), and the
        policy may change.
        """
        known = self.orders.get(new.id)
        if unsound(new) is not None or (known is not None and new.version <= known.version):
            return False
        self.orders[new.id] = new
        return True

    def erase(self, name: str) -> None:
        """Forget an order: nothing of it stays, so that a later one of any version counts."""
        self.orders.pop(name, None)

    def of(self, community: str, now: int) -> tuple[Order, ...]:
        """Return the orders that hold in a community at a time (unix seconds), by id."""
        return in_force((one for one in self.orders.values() if one.community == community), now)
