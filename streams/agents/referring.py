"""Referrals of a partition's people: opened as they turn red or are contradicted, escalated (rule 15).

Whose community it is may stand in the phone's diary alone, in another partition: that is asked through
`night-requests` and heard from `nights`. A refuted red opens an appeal by a command.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import Aggregates, unless_person
from streams.domain.hexes import is_cell
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people import nights
from streams.people.addresses import by_night, of_the_county, registered
from streams.people.aggregates import numbered
from streams.people.offices import by_own_office
from streams.people.referral import STATES, Referrals
from streams.people.referrals import (
    AcknowledgeReferral,
    CloseReferral,
    RecordContact,
    RecordFinding,
    RecordPlacement,
    rules,
)
from streams.people.referred import Fact, ReferralEscalated, ReferralOpened
from streams.people.referring import REFERRING, appeal, escalations, follows
from streams.people.referring import nights as told_by_night

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.kafka.engine import Engine
    from streams.metrics import Metrics
    from streams.people.addresses import Address
    from streams.people.aggregates import Known
    from streams.people.commands import Command, Recorded, Refused
    from streams.people.referrals import Asked
    from streams.people.referring import Seen
    from streams.people.register import Register
    from streams.people.vouched import PersonPhone

WISHES: Final = (AcknowledgeReferral, RecordContact, RecordPlacement, RecordFinding, CloseReferral)


class PersonReferrals(Aggregates[Referrals, "Asked", Fact]):
    """Who is referred; `streams.agents.persons` says what a person's colour and questions give cause for.

    `phones` returns what a person's phones say of them.
    """

    def __init__(
        self,
        engine: Engine,
        partition: int,
        register: Register,
        ack_hours: Callable[[], int],
        phones: Callable[[bytes], Iterable[PersonPhone]],
    ) -> None:
        names = engine.names
        own = by_own_office(rules(register.offices_in), register)
        super().__init__(partition, engine.wire, own, names.referrals, WISHES, self._led_to)
        self.heard = (names.nights,)
        self._commands, self._requests = names.commands, names.night_requests
        self._resolution = engine.settings.resolution
        self._register, self._ack_hours, self._phones = register, ack_hours, phones

    def decide(self, command: Command[Asked]) -> Sequence[Output] | Refused:
        """Return what a command about a person's referral leads to."""
        return unless_person(command.aggregate) or super().decide(command)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Take an answer about somebody's nights: an open referral goes to the community there."""
        del topic
        spent = codecs.decode_nights_spent(self.wire.read(record.value))
        if record.key != spent.person:
            raise codecs.CodecError("bad_key")
        if spent.hex is not None and not is_cell(spent.hex, self._resolution):
            raise codecs.CodecError("bad_value")
        found = None if spent.hex is None else by_night(self._register, spent.hex, spent.slots)
        aggregate, cause = spent.person.hex(), f"nights/{record.offset}"
        return self._take_down(
            aggregate, cause, record.timestamp, told_by_night(self.of(aggregate).state, found)
        )

    def followed(self, person: bytes, sequence: int, now: Seen, at: int, clock: int) -> list[Output]:
        """Record what follows of what is known of a person at a time, and what is overdue by the clock.

        `sequence` is that of the last change of the person's colour; times are seconds.
        """
        aggregate, outputs = person.hex(), list[Output]()
        for due, body in escalations(self.of(aggregate).state.open, clock):
            outputs += self._take_down(aggregate, f"clock/{due}", due * MILLISECONDS, [body])
        facts = follows(self.of(aggregate).state, now, self._home(person), at, self._ack_hours())
        return outputs + self._take_down(aggregate, f"colour/{sequence}", at * MILLISECONDS, tuple(facts))

    def open(self, person: bytes) -> bool:
        """Say whether a referral of a person's is open."""
        known = self.known.get(person.hex())
        return known is not None and known.state.open is not None

    def due(self, person: bytes) -> int | None:
        """Return when a person's referral is escalated next, or one is opened (seconds), None if never."""
        known = self.known.get(person.hex())
        return None if known is None else known.state.due

    def _home(self, person: bytes) -> Address:
        return registered(self._register, person) or of_the_county(self._register)

    def _take_down(self, aggregate: str, cause: str, at: int, bodies: Sequence[Fact]) -> list[Output]:
        return self.take_down(numbered(self.of(aggregate), aggregate, cause, REFERRING, at, bodies))

    def _led_to(self, known: Known[Referrals], fact: Recorded[Fact]) -> Sequence[Output]:
        """Ask for nights where nothing else tells the community; open the appeal of what was refuted."""
        person = bytes.fromhex(fact.aggregate)
        phones = tuple(self._phones(person))
        opened = appeal(fact, phones)
        if opened is not None:
            key = codecs.aggregate_key(opened.aggregate)
            return [Output(self._commands, key, codecs.encode_command(opened))]
        referral = known.state.open
        if not isinstance(fact.body, ReferralOpened | ReferralEscalated) or referral is None:
            return ()
        if referral.address.by != "county":
            return ()
        return [
            Output(self._requests, one.phone, codecs.encode_nights_asked(one))
            for one in nights.asked(person, phones, fact.at // MILLISECONDS)
        ]


def show(kinds: Iterable[object], metrics: Metrics) -> None:
    """Set the gauges of the referrals that are known here, by the state each person's last one is in."""
    last = [
        known.state.last
        for kind in kinds
        if isinstance(kind, PersonReferrals)
        for known in kind.known.values()
        if known.state.last is not None
    ]
    counts = Counter(one.state for one in last)
    for state in STATES:
        metrics.referrals.labels(state).set(counts[state])
    metrics.referrals_overdue.set(sum(one.escalated > 0 for one in last if one.state != "closed"))
