"""What the back office proposes: areas or a policy, held against what stands, and the token of a preview."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams import codecs
from streams.domain.areas import warnings
from streams.domain.records import AreaPublished, PolicyPublished
from streams.files.doubts import doubts
from streams.files.proposed import check_axes
from streams.files.unusable import UnusableError
from streams.files.versions import newer
from streams.people.policy import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.agents.published import InForce
    from streams.domain.extent import Extent
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Record
    from streams.files.proposed import Proposed
    from streams.people.policy import PeoplePolicy
    from streams.topics import Names

MOST_BYTES: Final = 900_000
"""The largest area or policy published: the journal's own record of it must fit into a Kafka request too."""
TOKEN_BYTES: Final = 8


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published over what stands, without what stands already."""

    current: InForce
    areas: tuple[AreaVersion, ...] = ()
    policy: Policy | None = None
    people: PeoplePolicy = DEFAULTS
    """Proposed beside the policy."""
    doubts: tuple[str, ...] = ()
    """What is legal but probably not meant."""

    def records(self) -> list[Record]:
        """Return what would enter the journal; it carries no time of its own."""
        records: list[Record] = [AreaPublished(0, area) for area in self.areas]
        if self.policy is not None:
            records.append(PolicyPublished(0, self.policy.version, self.policy.thresholds()))
        return records

    def values(self, names: Names) -> list[tuple[str, bytes, bytes]]:
        """Return topic, key and value of each record to publish."""
        found = [(names.risk_areas, area.id.encode(), codecs.encode_area(area)) for area in self.areas]
        if self.policy is not None:
            found.append((names.policies, b"policy", self._policy(self.policy)))
        return found

    def _policy(self, policy: Policy) -> bytes:
        return codecs.encode_policy(policy.version, policy.thresholds() | self.people.thresholds())

    def told(self) -> str:
        """Return in words what is proposed."""
        told = [
            f"area {area.id!r} version {area.version}{', withdrawn' * area.withdrawn}" for area in self.areas
        ]
        if self.policy is not None:
            told.append(f"policy version {self.policy.version}")
        return ", ".join(told) or "nothing: all of it is published already"

    def token(self) -> str:
        """Return what fits only this proposal while these versions are in force."""
        digest = hashlib.blake2b(digest_size=TOKEN_BYTES)
        _add(digest, str(self.current.policy.version).encode())
        for name, area in sorted(self.current.areas.items()):
            _add(digest, name.encode(), str(area.version).encode())
        for record in self.records():
            _add(digest, codecs.encode_record(record))
        if self.policy is not None:
            _add(digest, self._policy(self.policy))
        return digest.hexdigest()


def areas_proposed(
    found: Sequence[Proposed], current: InForce, towers: Extent | None, first: Policy
) -> Proposal:
    """Return what a file proposes; UnusableError if an area may not be published over what stands."""
    check_axes(found, towers)
    for one in found:
        size = len(codecs.encode_area(one.version))
        if size > MOST_BYTES:
            raise one.wrong(f"its outline takes {size} bytes, at most {MOST_BYTES} are read: simplify it")
    left = [one.version for one in newer(found, current.areas)]
    about = {area.id for area in left if not area.withdrawn}
    doubtful = warnings([*current.areas.values(), *left], first, about) if about else []
    return Proposal(current, tuple(left), doubts=tuple(doubtful))


def policy_proposed(path: str, policy: Policy, people: PeoplePolicy, current: InForce) -> Proposal:
    """Return what a file proposes; UnusableError if the policy's version is not higher than what stands."""
    stands = current.policy.version
    if (policy, people) == (current.policy, current.people) and stands:
        return Proposal(current)
    if policy.version <= stands:
        raise UnusableError(
            path,
            "version",
            f"{policy.version} would be ignored, version {stands} is in force: make it {stands + 1}",
        )
    if len(codecs.encode_policy(policy.version, policy.thresholds())) > MOST_BYTES:
        raise UnusableError(path, "jurisdiction", "its outline is too long to be published: simplify it")
    return Proposal(current, (), policy, people, tuple(doubts(policy, (), ())))


def _add(digest: hashlib.blake2b, *parts: bytes) -> None:
    for part in parts:
        digest.update(len(part).to_bytes(4, "big"))
        digest.update(part)
