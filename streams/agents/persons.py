"""The people of a partition: what is known of each, their colour as it changes, and what follows of it.

Heard are what phones say (`streams.people.vouched`), registers, areas, policies and the time; facts of other
kinds of this partition are looked at where they stand. Kept is only the last colour told, in its topic.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents.aggregates import unless_person
from streams.domain.records import TimeAdvanced
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people.codes.claims import Colour
from streams.people.combined import combined, exempt
from streams.people.contradictions import contradicted
from streams.people.passes import IssuePass, ReplacePass, Standing
from streams.people.person_colour import changed
from streams.people.referring import seen
from streams.people.roll import Roll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.agents.declaring import Declaring
    from streams.agents.passes import PaperPasses
    from streams.agents.phoneless import NoPhones
    from streams.agents.questions import OpenQuestions
    from streams.agents.referring import PersonReferrals
    from streams.kafka.engine import Engine
    from streams.people.combined import Combined
    from streams.people.commands import Command, Refused
    from streams.people.passes import Wish
    from streams.people.person import Person
    from streams.people.person_colour import PersonColour
    from streams.people.register import Register


class Persons:
    """Everybody whose pseudonym falls into a partition."""

    wishes = frozenset({IssuePass, ReplacePass})

    def __init__(
        self,
        engine: Engine,
        partition: int,
        register: Register,
        declaring: Declaring,
        no_phones: NoPhones,
        passes: PaperPasses,
        questions: OpenQuestions,
        referrals: PersonReferrals,
    ) -> None:
        names = engine.names
        self._names, self._wire, self._partition = names, engine.wire, partition
        self._declaring, self._no_phones, self._passes = declaring, no_phones, passes
        self._questions, self._referrals = questions, referrals
        self.facts = (names.person_colours,)
        self.heard = (names.person_phones, names.residents, *names.judged_by())
        self.watched = (names.communities,)
        self.clock: int | None = None
        """The latest time heard; the time of one person may be later, by what was told of them."""
        self.roll = Roll(
            declaring.scenery.scene,
            lambda person: declaring.of(person.hex()).state,
            lambda person: no_phones.of(person.hex()).state.recorded,
            register,
            lambda person: referrals.of(person.hex()).state.confirmed(),
        )
        self.last: dict[bytes, PersonColour] = {}
        self._due: dict[bytes, int] | None = None
        """By person: when to look again though nothing is told; None until all that stands is known."""

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take what stands: the last colours told, and as far as it was decided on, what is heard."""
        with suppress(codecs.CodecError):
            value = self._wire.read(record.value)
            if topic == self._names.person_colours:
                if value is None:
                    self.last.pop(record.key, None)
                else:
                    self.last[record.key] = codecs.decode_person_colour(value)
            elif topic == self._names.communities:
                self.roll.register.enter(codecs.decode_community(value))
            elif record.key == codecs.CLOCK_KEY:
                # Compaction may have taken the time that was settled, and left a later one.
                if settled or self.clock is None:
                    self.clock = _time_in(value)
            elif settled:
                self._enter(topic, record.key, value)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Return the changes of colours that a record leads to."""
        value = self._wire.read(record.value)
        if topic in self._names.judged_by():
            self._declaring.scenery.take(topic, value, record.timestamp // MILLISECONDS)
            return [out for person in list(self._dues()) for out in self._told(person)]
        if record.key == codecs.CLOCK_KEY:
            return self._advance(_time_in(value))
        person = self._enter(topic, record.key, value)
        return () if person is None else self._told(person)

    def after(self, command: Command[Any]) -> Sequence[Output]:
        """Return the change of colour that follows a command about a person of this partition."""
        aggregate = command.aggregate
        if aggregate not in self._declaring.known and aggregate not in self._no_phones.known:
            return ()
        return self._told(bytes.fromhex(aggregate))

    def decide(self, command: Command[Wish]) -> Sequence[Output] | Refused:
        """Return what asking for a pass leads to; it shows the colour that was told last."""
        return unless_person(command.aggregate) or self._passes.issue(
            command, self._standing(bytes.fromhex(command.aggregate))
        )

    def observed(self, aggregate: str, now: int) -> bool:
        """Say whether the window holds a phone of a person's (rule 12.2)."""
        facts = self.roll.facts(bytes.fromhex(aggregate), now)
        return facts is not None and any(phone.observed for phone in facts.phones)

    def _enter(self, topic: str, key: bytes | None, value: bytes | None) -> bytes | None:
        """Take what a phone says, or an entry of a register; return whom it is about."""
        if topic == self._names.residents:
            return self._register(key or b"", value)
        if value is None:
            person, phone = codecs.person_phone_of(key or b"")
            self.roll.leave(person, phone)
            return person
        said = codecs.decode_person_phone(value)
        if key != codecs.person_phone_key(said.person, said.phone):
            raise codecs.CodecError("bad_key")
        self.roll.vouch(said)
        return said.person

    def _register(self, key: bytes, value: bytes | None) -> bytes | None:
        """Take an entry; return whose it is if they are referred, for then it may be another community's."""
        if value is None:
            self.roll.register.erase(key)
            return None
        entry = codecs.decode_resident(value)
        if key != entry.person:
            raise codecs.CodecError("bad_key")
        self.roll.register.enter(entry)
        return key if self._referrals.open(key) else None

    def _dues(self) -> dict[bytes, int]:
        if self._due is None:
            said = (*self._declaring.known, *self._no_phones.known, *self._referrals.known)
            self._due = dict.fromkeys({*self.roll.phones, *map(bytes.fromhex, said)}, 0)
        return self._due

    def _advance(self, clock: int) -> list[Output]:
        """Move the clock; whatever changes on the way does so at its own second (rule 6.5)."""
        dues, outputs = self._dues(), list[Output]()
        for person in [one for one, due in dues.items() if due <= clock]:
            while (due := dues.get(person)) is not None and due <= clock:
                outputs += self._told(person, due)
        self.clock = max(clock, self.clock or 0)
        return outputs

    def _told(self, person: bytes, at: int = 0) -> list[Output]:
        """Look at a person again: tell of a change, and note when to look next."""
        known, last, scene = self.roll.person(person), self.last.get(person), self.roll.scene()
        now = max(at, self.clock or 0, known.latest(), 0 if last is None else last.effective_at)
        facts = known.facts(scene, now)
        whole = combined(facts, now, signal_required=self._declaring.scenery.people.signal_required)
        questions = self._asked(person, known, whole, now)
        change = changed(person, last, whole, now)
        told: list[Output] = []
        if change is not None:
            self.last[person] = change
            value = codecs.encode_person_colour(change)
            told.append(Output(self._names.person_colours, person, value, self._partition))
        referred = self._referred(person, whole, now, max(at, self.clock or 0))
        self._note_due(person, known.due(facts, scene.policy, now), self._referrals.due(person))
        return [*told, *questions, *(self._passes.turned(change) if change else ()), *referred]

    def _note_due(self, person: bytes, *dues: int | None) -> None:
        """Note when to look at somebody next: the first of what is due, never where nothing is."""
        first = min((due for due in dues if due is not None), default=None)
        self._dues().pop(person, None)
        if first is not None:
            self._dues()[person] = first

    def _referred(self, person: bytes, whole: Combined, now: int, clock: int) -> list[Output]:
        """Refer who has turned red or is asked about something, and tell on what is not acknowledged (15)."""
        aggregate = person.hex()
        asked = self._questions.of(aggregate).state.open
        if whole.colour != "red" and not asked and aggregate not in self._referrals.known:
            return []  # nearly everybody, nearly always
        last, found = self.last.get(person), seen(whole, asked)
        return self._referrals.followed(person, 0 if last is None else last.sequence, found, now, clock)

    def _asked(self, person: bytes, known: Person, whole: Combined, now: int) -> list[Output]:
        """Raise and drop what the person is asked about, by what their last declaration hides (11.2)."""
        said = known.declared.said
        if not said:
            return []
        hidden = contradicted(known.declared, whole.reasons(), self._declaring.scenery.published(), now)
        return self._questions.followed(person.hex(), said[-1].version, hidden, now)

    def _standing(self, person: bytes) -> Standing:
        """Return what a pass shows, and who may fetch it (rules 13.1, 13.2, 11.4)."""
        known, last = self.roll.person(person), self.last.get(person)
        return Standing(
            Colour.UNKNOWN if last is None else Colour(last.colour),
            self.roll.check_value(person),
            exempt(known.facts(self.roll.scene(), self.clock or 0)),
            known.declared.proxies,
        )


def _time_in(value: bytes | None) -> int:
    record = codecs.decode_record(value)
    if not isinstance(record, TimeAdvanced):
        raise codecs.CodecError("bad_value")
    return record.clock
