"""Who holds which phone: carriers' bindings and officers' decisions in one partition, and what they strike.

Facts and bindings stand in one topic, `identity-bindings`, keyed and partitioned by the phone (rule 10).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import Aggregates
from streams.agents.late import refuse_late
from streams.agents.named import Named, phone_in, version_in
from streams.agents.striking import exclusion_of
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people.actors import Actor, Role
from streams.people.aggregates import numbered
from streams.people.commands import Refused, unless
from streams.people.erasure import SYSTEM as ERASURE
from streams.people.erasure import ForgetPerson, also, answer
from streams.people.forgetting import forgotten, names_of, people_of, tombstones
from streams.people.inheritance import ColourWitnessed, witnessed
from streams.people.manual import PHONES, AgreeToBinding, ConfirmBinding, ProposeBinding, RejectBinding
from streams.people.phone_facts import CaseStruck, Fact, SightingsStruck
from streams.people.phones import Phone, entered, follows, strikes_of, withdrawn
from streams.people.review import Unbound, queue
from streams.people.upheld import CorrectBinding, StrikeSightings, excluded
from streams.people.vouched import PersonPhone, vouched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.kafka.engine import Engine
    from streams.people.aggregates import Known
    from streams.people.bindings import Binding
    from streams.people.commands import Command, Recorded

WISHES: Final = (
    ProposeBinding,
    ConfirmBinding,
    RejectBinding,
    AgreeToBinding,
    StrikeSightings,
    CorrectBinding,
    ForgetPerson,
)
COLOURS: Final = Actor("colours", Role.OPERATOR)
"""Who is named where a change of colour leads to a fact."""
ERASED: Final = "erased"
"""Of a binding whose holder was erased: a carrier who means that they hold it sends a new version."""


class Identities(Aggregates[Phone, Any, Fact]):
    """The phones of a partition; an aggregate's id is the phone's pseudonym in hex."""

    def __init__(self, engine: Engine, partition: int) -> None:
        names = engine.names
        super().__init__(partition, engine.wire, PHONES, names.identity_bindings, WISHES, self._struck)
        self.heard = (names.identity_bindings, names.colour_changes)
        self._exclusions, self._max_skew = names.exclusions, engine.settings.max_skew
        self._sunset, self._retired = engine.settings.sunset_at, engine.settings.retired
        self._person_phones, self._partitions = names.person_phones, engine.settings.partitions
        self._commands, self._engine = names.commands, engine
        self._colours: dict[bytes, bytes] = {}
        """By phone: its last change as it was read; there may be many, so few are decoded."""
        self._read = 0
        """The offset behind the last change read."""
        self._named = Named()
        self.seen: dict[bytes, int] = {}
        """By phone of which nothing was told yet: when its first change was written (seconds)."""

    def unbound(self, time: int) -> tuple[Unbound, ...]:
        """Return the review queue as it stands at a time (rule 10.3)."""
        return queue(self.seen, {bytes.fromhex(one): known.state for one, known in self.known.items()}, time)

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take what stands: a fact, a binding that was decided on, a phone's colour."""
        if topic != self.topic:
            self._see(record)
            return
        value = self.wire.read(record.value)
        if value is not None and codecs.is_recorded(value):
            if self._retired and strikes_of(codecs.decode_recorded(value).body, self._retired):
                return
            aggregate = phone_in(record.key)
            before = people_of(self.of(aggregate).state)
            super().remember(topic, record, settled=settled)
            self._named.note(aggregate, people_of(self.of(aggregate).state), before)
        elif settled:
            # What could not enter became a dead letter when it was heard.
            with suppress(codecs.CodecError):
                self._enter(record, value)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide on a carrier's binding or a change of colour; what was decided here is known already."""
        if topic != self.topic:
            return self._recoloured(record)
        value = self.wire.read(record.value)
        if value is not None and codecs.is_recorded(value):
            return ()
        aggregate = phone_in(record.key)
        if value is not None and self.of(aggregate).state.erased(version_in(record.key)):
            letter = self._engine.dead_letters.output(ERASED, topic, self.partition, record.offset)
            return [letter, self._tombstone(record.key)]
        before = self._vouched(aggregate)
        binding = self._enter(record, value)
        if binding is None:
            return self._told(aggregate, before)
        actor = Actor(binding.carrier, Role.CARRIER)
        facts = self._followed(aggregate, f"binding/{binding.version}", actor, record.timestamp)
        return [*facts, *self._told(aggregate, before)]

    def decide(self, command: Command[Any]) -> Sequence[Output] | Refused:
        """Return what an officer's or a person's command leads to, and what follows of it."""
        if codecs.PSEUDONYM.fullmatch(command.aggregate) is None:
            return Refused("no_phone", "expected a phone: 32 hex digits")
        if isinstance(command.body, ForgetPerson):
            return unless(command.actor, Role.OPERATOR) or self._forget(command)
        before = self._vouched(command.aggregate)
        outcome = super().decide(command)
        if isinstance(outcome, Refused):
            return outcome
        self._note(command.aggregate)
        # What follows is of the phone, and outlives whoever asked.
        actor = COLOURS if command.actor.role is Role.RESIDENT else command.actor
        facts = self._followed(command.aggregate, command.id, actor, command.at)
        return [*outcome, *facts, *self._told(command.aggregate, before)]

    def key(self, fact: Recorded[Fact]) -> bytes:
        """Return a fact's key: apart from a carrier's, whose versions are its own."""
        return f"{fact.aggregate}/decided-{fact.version}".encode()

    def _enter(self, record: Any, value: bytes | None) -> Binding | None:
        """Take a binding, or its tombstone; return it if it told something new."""
        if value is None:
            phone, _, version = (record.key or b"").decode().rpartition("/")
            if phone in self.known and version.isdecimal():
                known = self.known[phone]
                state = withdrawn(known.state, int(version))
                self.known[phone] = replace(known, state=state)
                self._named.note(phone, people_of(state), people_of(known.state))
            return None
        refuse_late(self._sunset, record)
        binding = codecs.decode_binding(value)
        aggregate = binding.phone.hex()
        if record.key != codecs.version_key(aggregate, binding.version):
            raise codecs.CodecError("bad_key")
        if binding.from_ * MILLISECONDS > record.timestamp + self._max_skew * MILLISECONDS:
            raise codecs.CodecError("future")
        known = self.of(aggregate)
        if known.state.erased(binding.version):
            return None
        state = entered(known.state, binding)
        if state is known.state:
            return None
        self.known[aggregate] = replace(known, state=state)
        self._named.note(aggregate, (binding.person, binding.other_person))
        if binding.person is not None:
            self.seen.pop(binding.phone, None)
        return binding

    def _note(self, aggregate: str) -> None:
        self._named.note(aggregate, people_of(self.of(aggregate).state))

    def _tombstone(self, key: bytes) -> Output:
        return Output(self.topic, key, None, self.partition)

    def _forget(self, command: Command[ForgetPerson]) -> list[Output]:
        """Forget an erased person with every phone here that names them, and say so to their desk (19.2)."""
        person, others, outputs = bytes.fromhex(command.aggregate), set[bytes](), list[Output]()
        for aggregate in self._named.take(person):
            known = self.of(aggregate)
            others |= names_of(known.state, person) - {person}
            outputs += self._forget_with(aggregate, known, person, command.at)
        follows = [answer(command, self.partition), *(also(command, other) for other in sorted(others))]
        return outputs + [
            Output(self._commands, codecs.aggregate_key(one.aggregate), codecs.encode_command(one))
            for one in follows
        ]

    def _forget_with(self, aggregate: str, known: Known[Phone], person: bytes, at: int) -> list[Output]:
        before, bodies = self._vouched(aggregate), forgotten(known.state, person)
        ends = (end for body in bodies for end in tombstones(body))
        gone = [self._tombstone(f"{aggregate}/{end}".encode()) for end in ends]
        facts = self.take_down(numbered(known, aggregate, ERASED, ERASURE, at, bodies))
        self._note(aggregate)
        return [*gone, *facts, *self._told(aggregate, before)]

    def _followed(self, aggregate: str, cause: str, actor: Actor, at: int) -> list[Output]:
        """Record what follows of what was told of a phone just now (rule 10.2)."""
        known, phone = self.of(aggregate), bytes.fromhex(aggregate)
        found = follows(phone, known.state, self._colour(phone))
        return self.take_down(numbered(known, aggregate, cause, actor, at, found))

    def _struck(self, _known: Known[Phone], fact: Recorded[Fact]) -> Sequence[Output]:
        """Enter an exclusion for what was struck out, by a change of holders or by an upheld appeal."""
        match fact.body:
            case SightingsStruck() as body:
                exclusion = exclusion_of(fact, body)
            case CaseStruck() as body:
                exclusion = excluded(fact.aggregate, body)
            case _:
                return ()
        return [Output(self._exclusions, exclusion.case.encode(), codecs.encode_exclusion(exclusion))]

    def _see(self, record: Any) -> None:
        """Take a phone's colour: there may be many, so it is read where somebody ceases to hold the phone."""
        if record.key.hex() not in self.known:
            self.seen.setdefault(record.key, record.timestamp // MILLISECONDS)
        value = self.wire.read(record.value)
        self._read = record.offset + 1
        if value is None:
            self._colours.pop(record.key, None)
        else:
            self._colours[record.key] = value

    def _recoloured(self, record: Any) -> list[Output]:
        """Tell the persons of a phone of its change; a change read at the start may be told again."""
        aggregate = record.key.hex()
        before = {} if record.offset < self._read else self._vouched(aggregate)
        if record.offset >= self._read:
            self._see(record)
        known = self.known.get(aggregate)
        if known is None:
            return []
        colour = self._colour(record.key)
        facts: list[Output] = []
        # An end that was told ahead takes along what is known by then (rule 10.2).
        if colour is not None and any((one.until or 0) > colour.effective_at for one in known.state.held()):
            facts = self._followed(aggregate, f"colour/{colour.sequence}", COLOURS, record.timestamp)
        return [*facts, *self._told(aggregate, before)]

    def _vouched(self, aggregate: str) -> dict[bytes, PersonPhone]:
        """Return what a phone says of persons as it stands."""
        known = self.known.get(aggregate)
        if known is None:
            return {}
        phone = bytes.fromhex(aggregate)
        return vouched(phone, known.state, self._colour(phone))

    def _told(self, aggregate: str, before: Mapping[bytes, PersonPhone]) -> list[Output]:
        """Return what has to be told to persons, given what was told of the phone before."""
        phone, now = bytes.fromhex(aggregate), self._vouched(aggregate)
        return [
            Output(
                self._person_phones,
                codecs.person_phone_key(person, phone),
                codecs.encode_person_phone(now[person]) if person in now else None,
                codecs.partitions_of([person], self._partitions)[0],
            )
            for person in sorted(before.keys() | now.keys())
            if now.get(person) != before.get(person)
        ]

    def _colour(self, phone: bytes) -> ColourWitnessed | None:
        value = self._colours.get(phone)
        return None if value is None else witnessed(codecs.decode_change(value))
