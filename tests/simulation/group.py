"""The consumer group's coordinator: members, sessions, generations, offsets; everybody stops to rebalance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiokafka.errors import IllegalGenerationError, UnknownMemberIdError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.simulation.network import Network

REBALANCE = 20.0
"""Seconds the others have to come back in a rebalance."""
SWEEP = 0.5


@dataclass(slots=True)
class Member:
    """A member; `until` is when its session is over, `joined` whether it is back in this rebalance."""

    until: float
    joined: bool = False


class Group:
    """Partitions are dealt out anew in each generation, beginning with another member each time."""

    def __init__(self, network: Network, session: float) -> None:
        self._network, self._loop, self._session = network, network.loop, session
        self._members: dict[str, Member] = {}
        self._stable = True
        self._since = 0.0
        self.generation = 0
        self.places: list[tuple[str, int]] = []
        self.offsets: dict[tuple[str, int], int] = {}
        network.loop.call_later(SWEEP, self._sweep, context=network.context)

    def join(self, name: str) -> tuple[int, list[tuple[str, int]]] | None:
        """Join, or come back; return generation and share once everybody has, None before."""
        member = self._members.get(name)
        if member is None:
            member = self._members[name] = Member(0.0)
            self._rebalance()
        elif self._stable and not member.joined:
            self._rebalance()
        member.until = self._loop.time() + self._session
        member.joined = True
        self._settle()
        if not self._stable:
            return None
        member.joined = False
        return self.generation, self._share(name)

    def heartbeat(self, name: str, generation: int) -> bool:
        """Keep a session alive; say whether all stays as it is. UnknownMemberIdError if it is over."""
        member = self._members.get(name)
        if member is None:
            raise UnknownMemberIdError
        member.until = self._loop.time() + self._session
        return self._stable and generation == self.generation

    def leave(self, name: str) -> None:
        """Take a member out at once."""
        if self._members.pop(name, None) is not None:
            self._rebalance()

    def commit(self, name: str, generation: int, offsets: Mapping[tuple[str, int], int]) -> None:
        """Remember offsets, but of members of this generation only."""
        if name not in self._members or generation != self.generation:
            raise IllegalGenerationError
        self.offsets.update(offsets)

    def _share(self, name: str) -> list[tuple[str, int]]:
        names = sorted(self._members)
        turn = (names.index(name) + self.generation) % len(names)
        return [place for n, place in enumerate(self.places) if n % len(names) == turn]

    def _rebalance(self) -> None:
        if self._stable:
            self._stable, self._since = False, self._loop.time()
            for member in self._members.values():
                member.joined = False

    def _settle(self) -> None:
        if not self._stable and self._members and all(one.joined for one in self._members.values()):
            self._stable = True
            self.generation += 1
            self._network.trace.say("broker", f"generation {self.generation} {sorted(self._members)}")

    def _sweep(self) -> None:
        now = self._loop.time()
        late = not self._stable and now - self._since > REBALANCE
        gone = [n for n, m in self._members.items() if m.until < now or (late and not m.joined)]
        for name in gone:
            del self._members[name]
            self._network.trace.say("broker", f"session over {name}")
        if gone:
            self._rebalance()
            self._settle()
        self._network.loop.call_later(SWEEP, self._sweep, context=self._network.context)
