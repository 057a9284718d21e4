"""What a gate knows: the roll of rule 12 and the orders, put together from what was read back alone."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.areas import prepared
from streams.people import declarations, passes, phoneless, phones, referral, said
from streams.people.bindings import Binding
from streams.people.order_book import OrderBook
from streams.people.passes import PassIssued, PassRevoked
from streams.people.person import Scene
from streams.people.phones import entered
from streams.people.review import queue
from streams.people.roll import Roll

if TYPE_CHECKING:
    from streams.cli.demo.people.reading import Read
    from streams.domain.areas import Area
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion
    from streams.people.commands import Recorded
    from streams.people.review import Unbound
    from streams.people.vouched import PersonPhone

DECLARED = (said.Declared, said.CorrectionReviewed, said.QuestionAnswered, said.ProxyNoted)
NO_PHONE = (phoneless.NoPhoneProposed, phoneless.NoPhoneRecorded, phoneless.NoPhoneRemoved)


class Ledger:
    """Takes records in the order of each partition; policy: that of the deployment."""

    def __init__(self, policy: Policy) -> None:
        self.roll = Roll(
            lambda: Scene(self._versions, self._areas, policy),
            lambda person: self._declared[person.hex()],
            lambda person: self._no_phone[person.hex()].recorded,
            confirmed=lambda person: self._referrals[person.hex()].confirmed(),
        )
        self.orders = OrderBook()
        self.passes: defaultdict[str, passes.Passes] = defaultdict(passes.Passes)
        self._policy = policy
        self._versions: dict[str, AreaVersion] = {}
        self._areas: dict[str, Area] = {}
        self._phones: dict[bytes, phones.Phone] = {}
        self._seen: dict[bytes, int] = {}
        self._declared: defaultdict[str, said.Declarations] = defaultdict(said.Declarations)
        self._no_phone: defaultdict[str, phoneless.Phoneless] = defaultdict(phoneless.Phoneless)
        self._referrals: defaultdict[str, referral.Referrals] = defaultdict(referral.Referrals)

    def take(self, read: Read) -> None:
        """Take a record."""
        value = read.value
        match read.topic:
            case "risk-areas":
                self._versions[value.id], self._areas[value.id] = value, prepared(value, self._policy)
            case "residents" | "communities":
                self.roll.register.enter(value)
            case "colour-changes":
                self._seen.setdefault(value.phone, read.at)
            case "identity-bindings":
                self._bound(value)
            case "person-phones":
                self._vouched(read.key, value)
            case "declarations":
                self._said(value)
            case "referrals":
                self._referrals[value.aggregate] = referral.evolve(self._referrals[value.aggregate], value)
            case "passes":
                self._issued(value)
            case "orders":
                self.orders.enter(value)

    def unbound(self, now: int) -> tuple[Unbound, ...]:
        """Return the review queue (rule 10.3)."""
        return queue(self._seen, self._phones, now)

    def _bound(self, value: Binding | Recorded[Any]) -> None:
        phone = value.phone if isinstance(value, Binding) else bytes.fromhex(value.aggregate)
        before = self._phones.get(phone, phones.Phone())
        state = entered(before, value) if isinstance(value, Binding) else phones.evolve(before, value)
        self._phones[phone] = state

    def _vouched(self, key: bytes, said: PersonPhone | None) -> None:
        if said is not None:
            self.roll.vouch(said)
            return
        self.roll.leave(*codecs.person_phone_of(key))

    def _said(self, fact: Recorded[Any]) -> None:
        name = fact.aggregate
        if isinstance(fact.body, DECLARED):
            self._declared[name] = declarations.evolve(self._declared[name], fact)
        elif isinstance(fact.body, NO_PHONE):
            self._no_phone[name] = phoneless.evolve(self._no_phone[name], fact)

    def _issued(self, fact: Recorded[Any]) -> None:
        self.passes[fact.aggregate] = passes.evolve(self.passes[fact.aggregate], fact)
        match fact.body:
            case PassIssued() if fact.aggregate.startswith(passes.APART):
                pass  # Its holder is erased: nobody has it.
            case PassIssued(pass_id=pass_id):
                self.roll.passes[pass_id] = bytes.fromhex(fact.aggregate)
            case PassRevoked(pass_id=pass_id):
                self.roll.passes.pop(pass_id, None)
