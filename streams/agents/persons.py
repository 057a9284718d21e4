"""The people of a partition: what is known of each, their colour as it changes, and what follows of it.

Heard are what phones say (`streams.people.vouched`), registers, areas, policies and the time; facts of other
kinds of this partition are looked at where they stand. Kept is only the last colour told, in its topic.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import unless_person
from streams.agents.dues import Dues
from streams.agents.late import refuse_late
from streams.domain.records import TimeAdvanced
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people.codes.claims import Colour
from streams.people.combined import combined, exempt
from streams.people.contradictions import contradicted
from streams.people.erasure import EraseTexts, NoteForgotten
from streams.people.matters import matters
from streams.people.passes import IssuePass, ReplacePass, Standing
from streams.people.person_colour import changed
from streams.people.referring import seen
from streams.people.roll import Roll

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.agents.appealing import Appealing
    from streams.agents.declaring import Declaring
    from streams.agents.erasing import Erasures
    from streams.agents.passes import PaperPasses
    from streams.agents.phoneless import NoPhones
    from streams.agents.questions import OpenQuestions
    from streams.agents.referring import PersonReferrals
    from streams.kafka.engine import Engine
    from streams.people.appealed import Matter
    from streams.people.combined import Combined
    from streams.people.commands import Command, Refused
    from streams.people.passes import Wish
    from streams.people.person import Person
    from streams.people.person_colour import PersonColour
    from streams.people.register import Register
    from streams.people.sources import Facts


STEPS: Final = (NoteForgotten, EraseTexts)
"""What ends an erasure."""


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
        appeals: Appealing,
        erasures: Erasures,
    ) -> None:
        names = engine.names
        self._names, self._wire, self._partition = names, engine.wire, partition
        self._declaring, self._no_phones, self._passes = declaring, no_phones, passes
        self._questions, self._referrals, self._appeals = questions, referrals, appeals
        self._erasures, self._sunset = erasures, engine.settings.sunset_at
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
            forgotten=lambda person: appeals.of(person.hex()).state.forgotten(),
        )
        self.last: dict[bytes, PersonColour] = {}
        self._dues = Dues(self._everybody)

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
                self._enter(topic, record, value)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Return the changes of colours that a record leads to."""
        value = self._wire.read(record.value)
        if topic in self._names.judged_by():
            self._declaring.scenery.take(topic, value, record.timestamp // MILLISECONDS)
            return [out for person in self._dues.people() for out in self._told(person)]
        if record.key == codecs.CLOCK_KEY:
            return self._advance(_time_in(value))
        person = self._enter(topic, record, value)
        return () if person is None else self._told(person)

    def after(self, command: Command[Any]) -> Sequence[Output]:
        """Return the change of colour that follows a command about a person of this partition."""
        aggregate = command.aggregate
        kinds = (self._declaring, self._no_phones, self._referrals, self._appeals, self._erasures)
        if all(aggregate not in kind.known for kind in kinds):
            if isinstance(command.body, STEPS):
                self._look_again(bytes.fromhex(aggregate))
            return ()
        return self._told(bytes.fromhex(aggregate))

    def _look_again(self, person: bytes) -> None:
        """Look at somebody with the next tick: while they were being erased nothing was told of them."""
        if person in self.roll.phones:
            self._dues.note(person, 0)

    def decide(self, command: Command[Wish]) -> Sequence[Output] | Refused:
        """Return what asking for a pass leads to; it shows the colour that was told last."""
        return unless_person(command.aggregate) or self._passes.issue(
            command, self._standing(bytes.fromhex(command.aggregate))
        )

    def observed(self, aggregate: str, now: int) -> bool:
        """Say whether the window holds a phone of a person's (rule 12.2)."""
        facts = self.roll.facts(bytes.fromhex(aggregate), now)
        return facts is not None and any(phone.observed for phone in facts.phones)

    def contested(self, aggregate: str, now: int) -> tuple[frozenset[Matter], frozenset[str]]:
        """Return what a person can contest at a time, and the phones that say something of them (16.1)."""
        known = self.roll.person(bytes.fromhex(aggregate))
        whole = self._whole(known.facts(self.roll.scene(), now), now)
        asked = self._questions.of(aggregate).state.open
        phones = frozenset(one.phone.hex() for one in known.phones)
        return matters(whole.reasons(), asked, known.phones), phones

    def _whole(self, facts: Facts, now: int) -> Combined:
        return combined(facts, now, signal_required=self._declaring.scenery.people.signal_required)

    def _enter(self, topic: str, record: Any, value: bytes | None) -> bytes | None:
        """Take what a phone says, or an entry of a register; return whom it is about."""
        key = record.key or b""
        if topic == self._names.residents:
            if value is not None:
                refuse_late(self._sunset, record)
            return self._register(key, value)
        if value is None:
            person, phone = codecs.person_phone_of(key)
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

    def _everybody(self) -> set[bytes]:
        kinds = (self._declaring, self._no_phones, self._referrals, self._erasures)
        return {*self.roll.phones, *(bytes.fromhex(name) for kind in kinds for name in kind.known)}

    def _advance(self, clock: int) -> list[Output]:
        """Move the clock; whatever changes on the way does so at its own second (rule 6.5)."""
        outputs = [out for person, due in self._dues.until(clock) for out in self._told(person, due)]
        self.clock = max(clock, self.clock or 0)
        return outputs

    def _told(self, person: bytes, at: int = 0) -> list[Output]:
        """Look at a person again: tell of a change, and note when to look next; or erase them (19.2)."""
        self._dues.drop(person)
        if self._erasures.gone(person):
            return []
        known, last, scene = self.roll.person(person), self.last.get(person), self.roll.scene()
        since = max(self._erasures.asked_at(person), 0 if last is None else last.effective_at)
        now = max(at, self.clock or 0, known.latest(), since)
        facts = known.facts(scene, now)
        whole = self._whole(facts, now)
        if self._erasures.ready(person, whole.reasons(), now):
            return self._erased(person, now)
        questions = self._asked(person, known, whole, now)
        change = changed(person, last, whole, now)
        told: list[Output] = []
        if change is not None:
            self.last[person] = change
            value = codecs.encode_person_colour(change)
            told.append(Output(self._names.person_colours, person, value, self._partition))
        referred = self._referred(person, whole, now, max(at, self.clock or 0))
        dues = (known.due(facts, scene.policy, now), self._referrals.due(person), self._erasures.due(person))
        self._dues.note(person, *dues)
        return [*told, *questions, *(self._passes.turned(change) if change else ()), *referred]

    def _referred(self, person: bytes, whole: Combined, now: int, clock: int) -> list[Output]:
        """Refer who has turned red or is asked about something, and tell on what is not acknowledged (15)."""
        aggregate = person.hex()
        asked = self._questions.of(aggregate).state.open
        if whole.colour != "red" and not asked and aggregate not in self._referrals.known:
            return []  # nearly everybody, nearly always
        last, found = self.last.get(person), seen(whole, asked)
        return self._referrals.followed(person, 0 if last is None else last.sequence, found, now, clock)

    def _erased(self, person: bytes, now: int) -> list[Output]:
        """Erase a person: whatever is kept of them by person in this partition, and here in memory."""
        gone = self._erasures.carried_out(person, now)
        self.last.pop(person, None)
        keys = [(topic, person) for topic in (self._names.residents, self._names.person_colours)]
        phones = [codecs.person_phone_key(person, phone) for phone in self.roll.forget(person)]
        keys += [(self._names.person_phones, key) for key in phones]
        return gone + [Output(topic, key, None, self._partition) for topic, key in keys]

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
