"""The areas and the policy that people are judged by, as they are published (rule 11.1)."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from streams import codecs
from streams.agents import reference
from streams.agents.colours import first_policy
from streams.domain.areas import prepared
from streams.domain.policy import Deployment
from streams.people.contradictions import Published
from streams.people.person import Scene
from streams.people.policy import PeoplePolicy
from streams.people.statements import reasons

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.areas import Area
    from streams.domain.records import AreaVersion, Reason
    from streams.people.codes.limits import Limits
    from streams.people.statements import Statement
    from streams.settings import Settings
    from streams.topics import Names


class Scenery:
    """What is in force by the topics read so far; what the colours' workers refuse is refused here too."""

    def __init__(self, names: Names, settings: Settings) -> None:
        self._first = self.policy = first_policy(settings)
        self.people = PeoplePolicy()
        self._deployment = Deployment(settings.retention_days, settings.max_skew)
        self._areas_topic = names.risk_areas
        self._versions: dict[str, AreaVersion] = {}
        self._areas: dict[str, Area] = {}
        self._published: dict[str, Published] = {}

    def take(self, topic: str, value: bytes | None, at: int) -> None:
        """Take a version of an area or a policy, published at `at` (unix seconds).

        A lower one, and what cannot be used, changes nothing.
        """
        if value is None:
            return
        # What is refused became a dead letter where `reference` read it.
        with suppress(codecs.CodecError, reference.RefusedError):
            if topic == self._areas_topic:
                self._enter(reference.area(value, self._first).area, at)
                return
            policy, people = reference.both_policies(value, self._first, self._deployment)
            if policy.version > self.policy.version:
                self.policy, self.people = policy, people

    def _enter(self, version: AreaVersion, at: int) -> None:
        known = self._versions.get(version.id)
        if known is not None and version.version <= known.version:
            return
        self._versions[version.id] = version
        self._areas.pop(version.id, None)
        self._published.pop(version.id, None)
        if not version.withdrawn:
            area = self._areas[version.id] = prepared(version, self.policy)
            self._published[version.id] = Published(area, at)

    def limits(self) -> Limits:
        """Return what is in force for codes and passes (rule 13)."""
        return self.people.limits()

    def scene(self) -> Scene:
        """Return what is in force."""
        return Scene(self._versions, self._areas, self.policy)

    def published(self) -> Mapping[str, Published]:
        """Return the areas in force, each with the time at which its version was published."""
        return self._published

    def reasons(self, statement: Statement, at: int) -> tuple[Reason, ...]:
        """Return a statement's reasons at a time, by what is in force."""
        return reasons(statement, self._areas.values(), self.policy, at)
