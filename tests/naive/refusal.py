"""Which journal records are dead letters (rules 1.5, 2.2, 3.1 and 3.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.domain.records import AreaPublished, Excluded, PolicyPublished, Sightings
from tests.naive.place import cells_of

if TYPE_CHECKING:
    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, Exclusion, Record


def refusal(
    record: Record,
    policy: Policy,
    deployment: Deployment,
    areas: dict[str, AreaVersion],
    exclusions: dict[str, Exclusion],
) -> str | None:
    """Why the record is refused; None if it is taken or ignored."""
    match record:
        case Sightings():
            own = record.clock // (60 * policy.slot_minutes)
            return "sighting ahead" if any(slot > own for slot in record.slots) else None
        case AreaPublished():
            return area_refusal(record.area, policy, areas)
        case PolicyPublished():
            return policy_refusal(record, policy, deployment)
        case Excluded():
            return exclusion_refusal(record.exclusion, exclusions)
        case _:
            return None


def area_refusal(area: AreaVersion, policy: Policy, areas: dict[str, AreaVersion]) -> str | None:
    """Rule 2.2; a lower or equal version is ignored, whatever is in it."""
    standing = areas.get(area.id)
    if area.withdrawn or (standing is not None and area.version <= standing.version):
        return None
    return None if cells_of(area.geometry, policy.resolution) else "area without cells"


def policy_refusal(record: PolicyPublished, policy: Policy, deployment: Deployment) -> str | None:
    """Rules 1.5 and 3.4; a lower or equal version is ignored, whatever is in it."""
    if record.version <= policy.version:
        return None
    new = replace(policy, version=record.version, **record.thresholds)
    for fixed in ("slot_minutes", "resolution", "coarse_range_m"):
        if getattr(new, fixed) != getattr(policy, fixed):
            return f"fixed {fixed}"
    if new.jump_minutes + new.support_minutes + new.pingpong_minutes > 1440:
        return "context too short"
    if not new.min_days <= new.window_days <= deployment.retention_days:
        return "window_days"
    return "min_stay_slots" if new.min_stay_slots < 1 else None


def exclusion_refusal(exclusion: Exclusion, exclusions: dict[str, Exclusion]) -> str | None:
    """Rule 3.1: all versions of a case name the same phone or the same hex, a lower one included."""
    if (exclusion.phone is None) == (exclusion.hex is None):
        return "not one subject"
    earlier = exclusions.get(exclusion.case, exclusion)
    same = (earlier.phone, earlier.hex) == (exclusion.phone, exclusion.hex)
    return None if same else "another subject"
