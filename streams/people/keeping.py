"""How long a reason that went with a person is kept: its time, an area, policy or appeal ends it (10.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Exclusion, Reason
    from streams.people.inheritance import Kept
    from streams.people.vouched import KeptReason

DAY: Final = 86_400
MINUTE: Final = 60


def standing(
    one: Kept | KeptReason,
    areas: Mapping[str, AreaVersion],
    policy: Policy,
    appeals: Iterable[Exclusion],
    time: int,
) -> Reason | None:
    """Return a kept reason as it stands at a time (seconds), None where it is kept no longer.

    `areas` are the highest versions, `policy` the one in force, `appeals` the exclusions that appeals against
    this phone led to. The diary is struck out, so it is not judged again: a reason ends where what is known
    of its visit says that it cannot hold any more, and else stays.
    """
    reason = one.reason
    if time >= one.valid_until:
        return None
    if reason.area is None or reason.from_ is None or reason.until is None:
        return reason if policy.jurisdiction is not None else None
    if _area_gone(reason, areas.get(reason.area)) or time >= leaves(reason.until, policy):
        return None
    if any(_covers(exclusion, reason.from_, reason.until) for exclusion in appeals):
        return None
    return _by_dwell(reason, policy)


def _area_gone(reason: Reason, area: AreaVersion | None) -> bool:
    """Say whether the area was withdrawn, or was amended to a time in which the visit was not."""
    assert reason.from_ is not None  # noqa: S101 - asked by the caller
    assert reason.until is not None  # noqa: S101 - as above
    if area is None or area.withdrawn or area.from_ >= reason.until:
        return True
    return area.until is not None and area.until <= reason.from_


def leaves(until: int, policy: Policy) -> int:
    """Return when the last slot of what was until then leaves the window (rule 1.3)."""
    return until - policy.slot_minutes * MINUTE + policy.window_days * DAY


def _covers(exclusion: Exclusion, since: int, until: int) -> bool:
    """Say whether a decided case has struck out the whole visit (rule 3.1)."""
    end = exclusion.at if exclusion.until is None else min(exclusion.until, exclusion.at)
    return not exclusion.withdrawn and (exclusion.from_ or 0) <= since and end >= until


def _by_dwell(reason: Reason, policy: Policy) -> Reason | None:
    """Return what a visit is under another stay_minutes (rule 4.3): what stayed has passed through."""
    if reason.dwell_minutes is None or reason.dwell_minutes >= policy.stay_minutes:
        return reason
    match reason.code:
        case "STAYED":
            return replace(reason, code="PASSED_THROUGH")
        case "NEAR_BOUNDARY":
            return None
        case _:
            return reason
