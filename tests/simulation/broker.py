"""The simulated broker: logs by partition, and a coordinator of transactions that fences as Kafka's does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka.errors import InvalidProducerEpoch, InvalidTxnState, ProducerFenced

from tests.simulation.group import Group
from tests.simulation.log import Log, Transaction
from tests.simulation.network import AgainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.network import Network

    Written = tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]

TIMEOUT = 60.0
"""Seconds after which the coordinator ends an open transaction, as streams.kafka.clients asks for."""


@dataclass(slots=True, eq=False)
class Owner:
    """What is known of a transactional id."""

    producer: int
    epoch: int = -1
    transaction: Transaction | None = None
    """Open, or ended but not marked everywhere."""


class Broker:
    """All operations happen at once, when a request arrives; answers take their time (network.py)."""

    def __init__(self, network: Network, epoch_ms: int, session: float) -> None:
        self._network, self._loop, self._epoch_ms = network, network.loop, epoch_ms
        self._owners: dict[str, Owner] = {}
        self._numbers = 0
        self.logs = Logs()
        self.group = Group(network, session)

    def now_ms(self) -> int:
        """Return wall time."""
        return self._epoch_ms + int(self._loop.time() * 1000)

    def number(self) -> int:
        """Return the id of a new producer without transactions."""
        self._numbers += 1
        return self._numbers

    def begin(self, identity: str) -> tuple[int, int]:
        """Give a transactional id its next epoch; what an earlier one left open is over first."""
        owner = self._owners.get(identity)
        if owner is None:
            owner = self._owners[identity] = Owner(self.number())
        if owner.transaction is not None:
            if owner.transaction.committed is None:
                owner.epoch += 1
                self._end(owner, owner.transaction, committed=False)
            raise AgainError
        owner.epoch += 1
        return owner.producer, owner.epoch

    def add(self, identity: str, epoch: int, places: Sequence[tuple[str, int]]) -> Transaction:
        """Let partitions take part in the id's transaction, which begins with the first."""
        owner = self._owner(identity, epoch)
        if owner.transaction is not None and owner.transaction.committed is not None:
            raise AgainError
        if owner.transaction is None:
            begun = owner.transaction = Transaction(owner.producer, epoch)
            self._network.loop.call_later(TIMEOUT, lambda: self._overdue(owner, begun))
        owner.transaction.partitions.update(places)
        return owner.transaction

    def produce(
        self,
        place: tuple[str, int],
        producer: tuple[int, int],
        sequence: int,
        written: Sequence[Written],
        transaction: Transaction | None = None,
    ) -> None:
        """Append a batch; one of a transaction only while the coordinator knows of it (KIP-890)."""
        log = self.logs[place]
        if transaction is not None and (
            transaction.committed is not None or place not in transaction.partitions
        ):
            owner = next(one for one in self._owners.values() if one.producer == producer[0])
            raise InvalidProducerEpoch if owner.epoch > producer[1] else InvalidTxnState
        log.produce(producer, sequence, written, self.now_ms(), transaction)

    def end(self, identity: str, epoch: int, transaction: Transaction) -> None:
        """Commit a transaction; the answer does not wait for its markers."""
        owner = self._owner(identity, epoch)
        if owner.transaction is transaction and transaction.committed is None:
            self._end(owner, transaction, committed=True)
        elif not transaction.committed:
            raise InvalidTxnState

    def _owner(self, identity: str, epoch: int) -> Owner:
        owner = self._owners[identity]
        if epoch != owner.epoch:
            raise ProducerFenced
        return owner

    def _overdue(self, owner: Owner, transaction: Transaction) -> None:
        if owner.transaction is transaction and transaction.committed is None:
            owner.epoch += 1
            self._end(owner, transaction, committed=False)

    def _end(self, owner: Owner, transaction: Transaction, *, committed: bool) -> None:
        transaction.committed = committed
        transaction.unmarked = set(transaction.partitions)
        for place in sorted(transaction.partitions):
            self._loop.call_later(self._network.delay(), self._mark, owner, transaction, place, owner.epoch)

    def _mark(self, owner: Owner, transaction: Transaction, place: tuple[str, int], epoch: int) -> None:
        log = self.logs[place]
        log.mark(transaction, epoch, self.now_ms())
        self._network.trace.say("broker", f"marker {place} {transaction.committed}")
        transaction.unmarked.discard(place)
        if not transaction.unmarked and owner.transaction is transaction:
            owner.transaction = None


class Logs(dict[tuple[str, int], Log]):
    """Logs by topic and partition, made when asked for."""

    def __missing__(self, place: tuple[str, int]) -> Log:
        made = self[place] = Log(*place)
        return made
