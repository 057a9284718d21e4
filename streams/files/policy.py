"""policy.toml: the thresholds by their names in the colour rules, a version, a jurisdiction beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.domain.policy import Policy, PolicyError, check, merged, policy_from
from streams.files.doors import beside
from streams.files.drawn import check_drawn
from streams.files.geojson import features_of, jurisdiction_of
from streams.files.members import table_of
from streams.files.shapes import geometry_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from streams.domain.policy import Deployment
    from streams.files.members import Members


def policy_of(path: str | None, deployment: Deployment) -> Policy:
    """Return the first policy, without a file the built-in one; UnusableError if it may not be in force."""
    try:
        policy = Policy() if path is None else _read(path)
        check(policy, deployment)
    except PolicyError as error:
        raise UnusableError(path or "built-in policy", "", str(error)) from None
    return policy


def proposed_policy(path: str, first: Policy, deployment: Deployment) -> Policy:
    """Return a whole policy to be published; what it leaves out is the deployment's first (rules 1.5, 3.4).

    Its jurisdiction is checked as an area's drawing is; UnusableError if it may not come into force.
    """
    members = table_of(path)
    version, thresholds = thresholds_of(members)
    if members.has("jurisdiction"):
        for feature in features_of(beside(path, members.text("jurisdiction"))):
            check_drawn(geometry_of(feature), feature)
    try:
        return merged(first, version, thresholds, deployment)
    except PolicyError as error:
        raise UnusableError(path, "", str(error)) from None


def _read(path: str) -> Policy:
    version, thresholds = thresholds_of(table_of(path))
    return policy_from(thresholds, version)


def thresholds_of(members: Members) -> tuple[int, dict[str, Any]]:
    """Return a policy's version and its thresholds, the jurisdiction read from the file it names."""
    version = members.whole("version")
    thresholds = {name: value for name, value in members.values.items() if name != "version"}
    if members.has("jurisdiction"):
        thresholds["jurisdiction"] = jurisdiction_of(beside(members.file, members.text("jurisdiction")))
    return version, thresholds
