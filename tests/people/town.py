"""A deployment of one partition in memory: the journal folded, and the people's desk as the worker has it.

What one of them writes to a topic the others hear, through the topics' own codecs and in order. There is no
broker and no clock: the time is what the journal was told last.
"""

from __future__ import annotations

from collections import defaultdict, deque
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from streams import codecs
from streams.agents.people import Partition, kinds
from streams.agents.persons import Persons
from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaPublished, Excluded, Sightings, TimeAdvanced
from streams.kafka.engine import Engine
from streams.kafka.lookups import Chain
from streams.kafka.transactions import Output
from streams.metrics import Metrics
from streams.people.audit.chain import SALT, begun
from streams.people.nights import spent
from streams.people.register import Resident
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import AreaVersion, ColourChanged, Exclusion, Record
    from streams.people.bindings import Binding
    from streams.people.commands import Command, Recorded
    from streams.people.register import Community

SETTINGS: Final = Settings(partitions=1)
METRICS: Final = Metrics()
MILLISECONDS: Final = 1000

K = TypeVar("K")


class Town:
    """Everything that stands in the topics, and whoever reads them."""

    def __init__(self, begins: int) -> None:
        self.now = begins
        engine = Engine(None, SETTINGS, "", METRICS, lambda: self.now, lambda: self.now)
        self.names = engine.names
        self.desk = Partition(engine, 0, kinds(engine, 0))
        self.desk.go_on(Chain(self.names.lookups, 1, begun("desk"), lambda: bytes(SALT)))
        self.fold = Fold(Deployment(SETTINGS.retention_days, SETTINGS.max_skew), Policy())
        self.journal: list[Record] = []
        self.changes: list[ColourChanged] = []
        self.written: defaultdict[str, list[Output]] = defaultdict(list)
        self._waiting: deque[Output] = deque()

    def kind(self, kind: type[K]) -> K:
        """Return one of the kinds of what the desk knows and decides."""
        return next(one for one in self.desk.kinds if isinstance(one, kind))

    @property
    def persons(self) -> Persons:
        return self.kind(Persons)

    def facts(self, topic: str, person: str) -> list[Recorded[Any]]:
        """Return the facts about a person in a topic, in order."""
        values = (one.value for one in self.written[topic])
        every = (codecs.decode_recorded(one) for one in values if one is not None and codecs.is_recorded(one))
        return [fact for fact in every if fact.aggregate == person]

    def publish(self, area: AreaVersion) -> None:
        self._write(self.names.risk_areas, area.id.encode(), codecs.encode_area(area))

    def enter(self, entry: Community | Resident) -> None:
        """Enter a community or a resident in the registers."""
        if isinstance(entry, Resident):
            self._write(self.names.residents, entry.person, codecs.encode_resident(entry))
        else:
            self._write(self.names.communities, entry.id.encode(), codecs.encode_community(entry))

    def bind(self, binding: Binding) -> None:
        key = codecs.version_key(binding.phone.hex(), binding.version)
        self._write(self.names.identity_bindings, key, codecs.encode_binding(binding))

    def see(self, slots: Iterable[Sightings]) -> None:
        """Let sightings into the journal, a record a slot, each as the slot begins."""
        for record in slots:
            self.now = max(self.now, record.clock)
            self._enter(record)
            self._settle()
        self.pass_time(self.now)

    def pass_time(self, second: int) -> None:
        """Let the journal come to a time, and then the desk."""
        self.now = max(self.now, second)
        record = TimeAdvanced(self.now)
        self._enter(record)
        self._write(self.names.person_phones, codecs.CLOCK_KEY, codecs.encode_record(record))

    def ask(self, command: Command[Any]) -> str | None:
        """Send a command; return why it was refused, None if it was not."""
        letters = self.written[self.names.dead_letters]
        before = len(letters)
        key = codecs.aggregate_key(command.aggregate)
        self._write(self.names.commands, key, codecs.encode_command(command))
        values = [one.value for one in letters[before:] if one.value is not None]
        return codecs.decode_dead_letter(values[0]).reason if values else None

    def case_at(self, offset: int | None) -> Exclusion | None:
        """Return the exclusion at an offset of the journal, None for any other record."""
        record = None if offset is None else self.journal[offset]
        return record.exclusion if isinstance(record, Excluded) else None

    def _write(self, topic: str, key: bytes, value: bytes) -> None:
        self._waiting.append(Output(topic, key, value))
        self._settle()

    def _settle(self) -> None:
        while self._waiting:
            self._read(self._waiting.popleft())

    def _read(self, one: Output) -> None:
        """Append a record to its topic, and let whoever reads that hear it."""
        names, topic = self.names, self.written[one.topic]
        topic.append(one)
        record = SimpleNamespace(
            key=one.key, value=one.value, offset=len(topic) - 1, timestamp=self.now * MILLISECONDS
        )
        if one.topic == names.night_requests:
            self._waiting.append(self._nights(record.value))
        elif one.topic == names.exclusions:
            self._enter(Excluded(0, codecs.decode_exclusion(record.value)))
        elif one.topic == names.risk_areas:
            self._enter(AreaPublished(0, codecs.decode_area(record.value)))
        if one.topic in {*self.desk.heard, names.commands}:
            self._waiting.extend(self.desk.hear(one.topic, record))
        elif one.topic in self.desk.watched:
            self.desk.remember(one.topic, record, settled=True)

    def _enter(self, record: Record) -> None:
        """Append a record to the journal; the colours that change with it are written."""
        self.journal.append(record)
        outcome = self.fold.apply(record, len(self.journal) - 1)
        assert outcome.refused is None, outcome.refused
        self.changes += outcome.changes
        for change in outcome.changes:
            value = codecs.encode_change(change)
            self._waiting.append(Output(self.names.colour_changes, change.phone, value))

    def _nights(self, value: bytes) -> Output:
        """Answer where a phone was most observed at night, from its diary."""
        question, policy = codecs.decode_nights_asked(value), self.fold.rules.policy
        phone = self.fold.phones.get(question.phone)
        observed = {} if phone is None else phone.standing.observed
        found = spent(question, observed, policy.slot_minutes, policy.timezone)
        return Output(self.names.nights, found.person, codecs.encode_nights_spent(found))
