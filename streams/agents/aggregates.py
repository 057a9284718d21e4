"""The aggregates of a partition: commands in, facts and their effects out; rebuilt from the facts alone.

An aggregate kept by a topic of its own needs its pure rules and this, nothing else (docs/people.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Generic, Protocol, TypeVar, runtime_checkable

from streams import codecs
from streams.kafka.errors import EngineError
from streams.kafka.transactions import Output
from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, Rules, decided, nothing_known, recorded
from streams.people.commands import Recorded, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from streams.kafka.lookups import Chain
    from streams.kafka.wire import Wire
    from streams.people.commands import Command

    Effects = Callable[[Known[Any], Recorded[Any]], Sequence[Output]]
    """What follows a fact elsewhere, given the aggregate after it: records for other topics."""

S = TypeVar("S")
B = TypeVar("B")
F = TypeVar("F")
NOBODY: Final = Actor("nobody", Role.OPERATOR)
"""In place of whoever a fact was made by, where only its key is asked for."""


def no_effects(_known: Known[Any], _fact: Recorded[Any]) -> Sequence[Output]:
    """Return nothing: the facts are all there is."""
    return ()


def unless_person(aggregate: str) -> Refused | None:
    """Return the refusal of a command about what is no person's pseudonym, None for one about a person."""
    if codecs.PSEUDONYM.fullmatch(aggregate) is None:
        return Refused("no_person", "expected a person: 32 hex digits")
    return None


class Kind(Protocol):
    """One kind of what a partition's desk knows and decides; topics as `streams.kafka.desk` has them."""

    @property
    def wishes(self) -> frozenset[type]:
        """Return the bodies of the commands that are its own."""

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the topics written here alone."""

    @property
    def heard(self) -> tuple[str, ...]:
        """Return the topics whose records are decided on, once."""

    @property
    def watched(self) -> tuple[str, ...]:
        """Return the topics that are only known."""

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a record as it stands in one of these topics."""

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Return what a record of a topic that is heard leads to."""

    def decide(self, command: Command[Any]) -> Sequence[Output] | Refused:
        """Return what a command of its own leads to."""

    def after(self, command: Command[Any]) -> Sequence[Output]:
        """Return what follows here of a command that any kind has decided."""


@runtime_checkable
class Recording(Protocol):
    """What a kind has besides that records look-ups itself (rule 17.1)."""

    def go_on(self, chain: Chain) -> None:
        """Go on with the partition's chain, before anything is heard."""


class Aggregates(Generic[S, B, F]):
    """All aggregates of one kind in one partition.

    `wishes` are the bodies of the commands that are theirs; `topic` is where their facts stand.
    """

    heard: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()

    def __init__(
        self,
        partition: int,
        wire: Wire,
        rules: Rules[S, B, F],
        topic: str,
        wishes: Sequence[type],
        effects: Effects = no_effects,
    ) -> None:
        self.partition, self.wire, self.rules, self.topic = partition, wire, rules, topic
        self.wishes = frozenset(wishes)
        self.facts: tuple[str, ...] = (topic,)
        self.known: dict[str, Known[S]] = {}
        self._effects = effects

    def of(self, aggregate: str) -> Known[S]:
        """Return an aggregate, as it begins where nothing is known of it."""
        return self.known.get(aggregate) or nothing_known(self.rules)

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a fact as it stands in the topic; a tombstone forgets the aggregate (rule 19.2)."""
        del settled
        if topic != self.topic:
            return
        if record.value is None:
            self.known.pop((record.key or b"").decode().rpartition("/")[0], None)
            return
        fact = codecs.decode_recorded(self.wire.read(record.value))
        self.known[fact.aggregate] = recorded(self.rules, self.of(fact.aggregate), fact)

    def decide(self, command: Command[B]) -> Sequence[Output] | Refused:
        """Return what a command leads to, or why it leads to nothing; what is returned has happened."""
        found = decided(self.rules, self.of(command.aggregate), command)
        return found if isinstance(found, Refused) else self.take_down(found)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Decide on a record of a topic that is heard: none is."""
        raise EngineError(f"{topic}: a record at {record.offset} came to what hears nothing of it")

    def after(self, _command: Command[Any]) -> Sequence[Output]:
        """Return what follows of a command that any kind has decided: nothing."""
        return ()

    def take_down(self, facts: Sequence[Recorded[F]]) -> list[Output]:
        """Fold facts; return the records of them and of their effects."""
        outputs: list[Output] = []
        for fact in facts:
            known = self.known[fact.aggregate] = recorded(self.rules, self.of(fact.aggregate), fact)
            outputs.append(Output(self.topic, self.key(fact), codecs.encode_recorded(fact), self.partition))
            outputs.extend(self._effects(known, fact))
        return outputs

    def erased(self, aggregate: str, now: int) -> list[Output]:
        """Forget an aggregate (rule 19.2); return the tombstones of its facts. `now` in seconds."""
        del now
        known = self.known.pop(aggregate, None)
        return [] if known is None else self.tombstones(aggregate, range(1, known.version + 1))

    def tombstones(self, aggregate: str, versions: Iterable[int]) -> list[Output]:
        """Return the tombstones of some facts of an aggregate."""
        facts: list[Recorded[Any]] = [Recorded(aggregate, number, "", NOBODY, 0, None) for number in versions]
        return [Output(self.topic, self.key(fact), None, self.partition) for fact in facts]

    def key(self, fact: Recorded[F]) -> bytes:
        """Return what a fact is keyed by: its aggregate and its version, and nothing else of it."""
        return codecs.version_key(fact.aggregate, fact.version)
