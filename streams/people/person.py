"""One person as the partition they are in knows them: facts at a time, and when these change by themselves.

Times are unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.people.combined import due
from streams.people.keeping import DAY, leaves, standing
from streams.people.sources import Claim, Facts, Kept, Signal
from streams.people.statements import SECONDS, reasons

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.areas import Area
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Reason
    from streams.people.appealed import Forgotten
    from streams.people.said import Declarations
    from streams.people.sources import Ground
    from streams.people.vouched import PersonPhone


@dataclass(frozen=True, slots=True)
class Scene:
    """The areas and the policy in force: the highest versions, and those that stand as they are judged by."""

    versions: Mapping[str, AreaVersion]
    areas: Mapping[str, Area]
    policy: Policy


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person: what phones say of them, what they declared, `NO_PHONE`."""

    phones: tuple[PersonPhone, ...]
    declared: Declarations
    no_phone: bool = False
    confirmed: frozenset[Ground] = frozenset()
    """The red reasons that a human has found confirmed (rule 15.2)."""
    forgotten: tuple[Forgotten, ...] = ()
    """What upheld appeals of theirs have struck out (rule 16.2)."""

    def facts(self, scene: Scene, now: int) -> Facts:
        """Return what the person's colour is worked out from at a time (rules 12.1, 12.2)."""
        return Facts(
            phones=tuple(self._signals(now)),
            kept=tuple(self._kept(scene, now)),
            declared=self._claim(scene, now),
            no_phone=self.no_phone,
            confirmed=self.confirmed,
        )

    def latest(self) -> int:
        """Return the latest time that what is known of the person carries; their time is no earlier."""
        held = [one.held for one in self.phones if one.held is not None]
        since = [max(one.from_, one.since or 0) for one in held]
        return max([*since, *(one.at for one in self.declared.said[-1:])], default=0)

    def due(self, facts: Facts, policy: Policy, now: int) -> int | None:
        """Return the next second at which the colour may differ with nothing new; None if there is none.

        `facts` are the person's at `now`.
        """
        ends = [due(facts, now), *(one.held.until for one in self.phones if one.held is not None)]
        leaving = [one.reason for phone in self.phones for one in phone.kept]
        if facts.declared is not None:
            leaving += facts.declared.reasons
            ends += self._arrived(policy)
        ends += [said.at + SECONDS + 1 for said in self.declared.said]
        ends += [leaves(one.until, policy) for one in leaving if one.until is not None]
        return min((end for end in ends if end is not None and end > now), default=None)

    def _signals(self, now: int) -> Iterator[Signal]:
        for phone in self.phones:
            held = phone.held
            if held is not None and held.held_at(now):
                yield Signal(held.reasons, held.since, held.lead)

    def _kept(self, scene: Scene, now: int) -> Iterator[Kept]:
        for phone in self.phones:
            for one in phone.kept:
                appeals = (each.exclusion for each in self.forgotten if _takes(each, phone.phone, one.reason))
                reason = standing(one, scene.versions, scene.policy, appeals, now)
                if reason is not None:
                    yield Kept((reason,), None, one.valid_until, one.lead)

    def _claim(self, scene: Scene, now: int) -> Claim | None:
        said = self.declared.standing(now)
        if said is None:
            return None
        found = reasons(said.statement, scene.areas.values(), scene.policy, now)
        return Claim(found, said.at, said.by)

    def _arrived(self, policy: Policy) -> Iterator[int]:
        for said in self.declared.said:
            if said.statement.arrival is not None:
                yield said.statement.arrival + policy.window_days * DAY


def _takes(one: Forgotten, phone: bytes, reason: Reason) -> bool:
    """Say whether an upheld appeal concerns a phone's kept reason, its time apart."""
    return one.exclusion.phone == phone if one.area is None else one.area == reason.area
