"""The agent `people`: commands decided; facts, effects and position written in one transaction."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.agents.aggregates import Kind, Recording
from streams.agents.declaring import Consents, Declaring
from streams.agents.identities import Identities
from streams.agents.passes import PaperPasses
from streams.agents.persons import Persons
from streams.agents.phoneless import NoPhones
from streams.agents.questions import OpenQuestions
from streams.agents.sms import Texts
from streams.kafka.chunks import chunks
from streams.kafka.desk import Desk
from streams.kafka.journal import MILLISECONDS
from streams.kafka.lives import Lives
from streams.kafka.store import KafkaStore
from streams.people.audit.chain import SALT
from streams.people.audit.denials import denial
from streams.people.codes.claims import PASS_ID
from streams.people.commands import Denied, Refused
from streams.people.register import Register

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    persons = Persons(engine, partition, register, declaring, no_phones, passes, questions)
    consents = Consents(engine, partition, declaring.scenery)
    identities = Identities(engine, partition)
    texts = Texts(
        engine,
        partition,
        lambda phone: identities.of(phone).state,
        lambda: declaring.scenery.people.itinerary_minutes,
    )
    return [identities, declaring, consents, no_phones, passes, questions, persons, texts]


def attach(app: Any, engine: Engine) -> Lives[Desk]:
    """Add the agent to the app; the partitions of `commands` it owns are in the Lives returned."""
    settings, names = engine.settings, engine.names

    def desk(partition: int) -> Desk:
        return Desk(
            KafkaStore.of_desk(settings, engine.brokers, partition, engine.wire, engine.now),
            Partition(engine, partition, kinds(engine, partition)),
            interval=settings.commit_interval_ms / MILLISECONDS,
            monotonic=engine.monotonic,
            watch=engine.watch,
            salt=lambda: secrets.token_bytes(SALT),
        )

    desks = Lives(app, names.commands, engine.ending, desk, engine.settings.instance_id)
    engine.ready_when(desks.ready)

    @app.agent(engine.chunked(names.commands), name="people")  # type: ignore[untyped-decorator]
    async def people(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await desks.take(chunk)

    return desks


class Partition:
    """Every kind of aggregate in one partition, as its desk sees them; each command goes to its kind."""

    def __init__(self, engine: Engine, partition: int, kinds: Sequence[Kind]) -> None:
        self._engine, self._partition, self.kinds = engine, partition, kinds
        self._chain: Chain | None = None
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
        """Let every kind that reads a topic take a record of it."""
        for kind in self._readers[topic]:
            kind.remember(topic, record, settled=settled)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide; what cannot be read and what is refused becomes a dead letter with its reason.

        What its actor may not ask for is recorded beside.
        """
        try:
            if topic != self._engine.names.commands:
                return [out for kind in self.kinds if topic in kind.heard for out in kind.hear(topic, record)]
            return self._decided(self._command(record), record)
        except codecs.CodecError as error:
            return [self._engine.dead_letters.output(error.reason, topic, self._partition, record.offset)]

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
