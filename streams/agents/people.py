"""The agent `people`: commands decided; facts, effects and position written in one transaction."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents import erased_texts, referring
from streams.agents.aggregates import Kind, Recording
from streams.agents.appealing import Appealing
from streams.agents.declaring import Consents, Declaring
from streams.agents.erasing import Erasures
from streams.agents.identities import Identities
from streams.agents.late import refuse_late
from streams.agents.passes import PaperPasses
from streams.agents.persons import Persons
from streams.agents.phoneless import NoPhones
from streams.agents.questions import OpenQuestions
from streams.agents.referring import PersonReferrals
from streams.agents.sms import Texts
from streams.kafka.chunks import chunks
from streams.kafka.desk import Desk
from streams.kafka.journal import MILLISECONDS
from streams.kafka.lives import Lives
from streams.kafka.store import KafkaStore
from streams.people.appeals import NAME
from streams.people.audit.chain import SALT
from streams.people.audit.denials import denial
from streams.people.codes.claims import PASS_ID
from streams.people.commands import Denied, Refused
from streams.people.epochs import CODE as RETIRED
from streams.people.epochs import epoch_of
from streams.people.register import Register
from streams.people.sunset import CODE, sunset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.agents.aggregates import Aggregates
    from streams.kafka.engine import Engine
    from streams.kafka.lookups import Chain
    from streams.kafka.transactions import Output
    from streams.people.commands import Command


def kinds(engine: Engine, partition: int) -> Sequence[Kind]:
    """Return every kind of aggregate that a partition's desk decides for."""
    register = Register()
    declaring = Declaring(engine, partition, register)
    no_phones = NoPhones(engine, partition, register, lambda person, now: persons.observed(person, now))  # noqa: PLW0108 - made below
    passes = PaperPasses(
        engine,
        partition,
        register,
        lambda: secrets.token_bytes(PASS_ID),
        declaring.scenery.limits,
    )
    questions = OpenQuestions(engine, partition)
    referrals = PersonReferrals(
        engine,
        partition,
        register,
        lambda: declaring.scenery.people.ack_hours,
        lambda person: persons.roll.phones.get(person, ()),
    )
    appeals = Appealing(
        engine,
        partition,
        register,
        declaring,
        lambda person, now: persons.contested(person, now),  # noqa: PLW0108 - made below
        lambda: secrets.token_bytes(NAME),
        lambda person: person in referrals.known,
    )
    # Every kind whose aggregates are people: what it keeps of somebody goes when they are erased (19.2).
    kept: list[Aggregates[Any, Any, Any]] = [declaring, no_phones, passes, questions, referrals, appeals]
    erasures = Erasures(engine, partition, register, declaring.scenery, kept)
    persons = Persons(
        engine, partition, register, declaring, no_phones, passes, questions, referrals, appeals, erasures
    )
    consents = Consents(engine, partition, declaring.scenery)
    identities = Identities(engine, partition)
    texts = Texts(
        engine,
        partition,
        lambda phone: identities.of(phone).state,
        lambda: declaring.scenery.people.itinerary_minutes,
    )
    return [identities, consents, *kept, erasures, persons, texts]


def attach(app: Any, engine: Engine) -> Lives[Desk]:
    """Add the agent to the app; the partitions of `commands` it owns are in the Lives returned."""
    settings, names = engine.settings, engine.names
    erasing: dict[int, Erasures] = {}

    def desk(partition: int) -> Desk:
        several = kinds(engine, partition)
        erasing[partition] = next(kind for kind in several if isinstance(kind, Erasures))
        return Desk(
            KafkaStore.of_desk(settings, engine.brokers, partition, engine.wire, engine.now),
            Partition(engine, partition, several),
            interval=settings.commit_interval_ms / MILLISECONDS,
            monotonic=engine.monotonic,
            watch=engine.watch,
            salt=lambda: secrets.token_bytes(SALT),
        )

    desks = Lives(app, names.commands, engine.ending, desk, engine.settings.instance_id)
    engine.ready_when(desks.ready)
    engine.on_scrape(
        lambda: referring.show((kind for desk in desks.live() for kind in _kinds(desk)), engine.metrics)
    )
    engine.run(
        lambda: erased_texts.follow(
            engine, lambda: {life.partition: erasing[life.partition] for life in desks.live()}
        )
    )

    @app.agent(engine.chunked(names.commands), name="people")  # type: ignore[untyped-decorator]
    async def people(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await desks.take(chunk)

    return desks


def _kinds(desk: Desk) -> Sequence[Kind]:
    return desk.deciding.kinds if isinstance(desk.deciding, Partition) else ()


class Partition:
    """Every kind of aggregate in one partition, as its desk sees them; each command goes to its kind."""

    def __init__(self, engine: Engine, partition: int, kinds: Sequence[Kind]) -> None:
        self._engine, self._partition, self.kinds = engine, partition, kinds
        self._chain: Chain | None = None
        self._retired, self._sunset = engine.settings.retired, engine.settings.sunset_at
        names = engine.names
        self._asking = {names.sms_inbound, names.itineraries, names.nights}
        """What is answered, or is an answer: nothing of it is after the sunset (rule 19.1)."""
        self.heard = _each(kind.heard for kind in kinds)
        self.facts = [topic for topic in _each(kind.facts for kind in kinds) if topic not in self.heard]
        self.watched = [topic for topic in _each(kind.watched for kind in kinds) if topic not in self.heard]
        self._by_wish = {wish: kind for kind in kinds for wish in kind.wishes}
        self._readers = {
            topic: [kind for kind in kinds if topic in {*kind.facts, *kind.heard, *kind.watched}]
            for topic in (*self.facts, *self.heard, *self.watched)
        }

    def go_on(self, chain: Chain) -> None:
        """Go on with the chain of denied attempts, and of the look-ups of those kinds that record any."""
        self._chain = chain
        for kind in self.kinds:
            if isinstance(kind, Recording):
                kind.go_on(chain)

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Let every kind that reads a topic take a record of it, unless it is of a retired epoch (6.7)."""
        if self._retired and self._is_retired(topic, record):
            return
        for kind in self._readers[topic]:
            kind.remember(topic, record, settled=settled)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide; what cannot be read and what is refused becomes a dead letter with its reason.

        What its actor may not ask for is recorded beside.
        """
        if self._retired and self._is_retired(topic, record):
            return [self._engine.dead_letters.output(RETIRED, topic, self._partition, record.offset)]
        try:
            if topic in self._asking:
                refuse_late(self._sunset, record)
            if topic != self._engine.names.commands:
                return [out for kind in self.kinds if topic in kind.heard for out in kind.hear(topic, record)]
            return self._decided(self._command(record), record)
        except codecs.CodecError as error:
            return [self._engine.dead_letters.output(error.reason, topic, self._partition, record.offset)]

    def _is_retired(self, topic: str, record: Any) -> bool:
        """Say whether a record names a pseudonym of a retired epoch first; a tombstone is none."""
        names = self._engine.names
        if record.value is None or topic in names.undivided():
            return False
        return epoch_of(record.key, raw=topic in names.by_pseudonym()) in self._retired

    def _command(self, record: Any) -> Command[Any]:
        command = codecs.decode_command(self._engine.wire.read(record.value))
        if codecs.aggregate_key(command.aggregate) != record.key:
            raise codecs.CodecError("bad_key")
        if command.at > record.timestamp + self._engine.settings.max_skew * MILLISECONDS:
            raise codecs.CodecError("future")
        return command

    def _decided(self, command: Command[Any], record: Any) -> Sequence[Output]:
        kind = self._by_wish.get(type(command.body))
        if kind is None:
            raise codecs.CodecError("unknown_fingerprint")
        if sunset(self._sunset, command.at // MILLISECONDS) is not None:
            raise codecs.CodecError(CODE)
        outcome = kind.decide(command)
        if isinstance(outcome, Refused):
            topic = self._engine.names.commands
            letter = self._engine.dead_letters.output(outcome.code, topic, self._partition, record.offset)
            return [letter, *self._denied(command, outcome, record.timestamp)]
        return [*outcome, *(out for one in self.kinds for out in one.after(command))]

    def _denied(self, command: Command[Any], refused: Refused, at: int) -> Sequence[Output]:
        if not isinstance(refused, Denied):
            return ()
        assert self._chain is not None  # noqa: S101 - the desk went on with it before anything was heard
        return self._chain.longer(denial(command, refused, at))


def _each(several: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(one for some in several for one in some))
