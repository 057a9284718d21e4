"""What may stand in the journal and the rules in force refuse (rules 1.5, 2.2, 3.1, 3.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.domain import areas, exclusions
from streams.domain.policy import PolicyError, merged
from streams.domain.records import AreaPublished, Excluded, PolicyPublished, Sightings, TimeAdvanced
from streams.domain.slots import slot_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.exclusions import Cases
    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, Record


def refusal(
    record: Record,
    policy: Policy,
    versions: Mapping[str, AreaVersion],
    cases: Cases,
    deployment: Deployment,
) -> str | None:
    """Say why a record may not enter, None if it may or is to be ignored."""
    match record:
        case Sightings():
            return ahead(max(record.slots), record.clock, policy) if record.slots else None
        case AreaPublished(area=area):
            known = versions.get(area.id)
            if known is None or area.version > known.version:
                return areas.refusal(area, policy.resolution)
        case PolicyPublished(version=version) if version <= policy.version:
            pass
        case PolicyPublished(version=version, thresholds=thresholds):
            try:
                merged(policy, version, thresholds, deployment)
            except PolicyError as error:
                return str(error)
        case Excluded(exclusion=exclusion):
            return exclusions.refusal(cases.versions.get(exclusion.case), exclusion)
        case TimeAdvanced():
            pass
    return None


def ahead(latest: int, clock: int, policy: Policy) -> str | None:
    """Say why sightings of which the latest has this slot may not enter with this clock, None if they may."""
    later = latest > slot_of(clock, policy.slot_minutes)
    return "a sighting is later than its record's clock" if later else None
