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
from streams.people.policy import divided, people_policy

if TYPE_CHECKING:
    from streams.domain.policy import Deployment
    from streams.files.members import Members
    from streams.people.policy import PeoplePolicy


def policy_of(path: str | None, deployment: Deployment) -> Policy:
    """Return the first policy, without a file the built-in one; UnusableError if it may not be in force."""
    try:
        policy = Policy() if path is None else _read(path)
        check(policy, deployment)
    except PolicyError as error:
        raise UnusableError(path or "built-in policy", "", str(error)) from None
    return policy


def proposed_policy(path: str, first: Policy, deployment: Deployment) -> tuple[Policy, PeoplePolicy]:
    """Return a whole policy to be published, of colours and of people.

    What it leaves out of colours is the deployment's first (rules 1.5, 3.4), of people the default. Its
    jurisdiction is checked as an area's drawing is; UnusableError if it may not come into force.
    """
    members = table_of(path)
    try:
        version, thresholds, people = thresholds_of(members)
        if members.has("jurisdiction"):
            for feature in features_of(beside(path, members.text("jurisdiction"))):
                check_drawn(geometry_of(feature), feature)
        return merged(first, version, thresholds, deployment), people
    except PolicyError as error:
        raise UnusableError(path, "", str(error)) from None


def _read(path: str) -> Policy:
    version, thresholds, _ = thresholds_of(table_of(path))
    return policy_from(thresholds, version)


def thresholds_of(members: Members) -> tuple[int, dict[str, Any], PeoplePolicy]:
    """Return a policy's version, its thresholds of colours, and those of people.

    The jurisdiction is read from the file that the policy names. PolicyError for a name of neither, and for
    an unusable one of people's.
    """
    version = members.whole("version")
    thresholds = {name: value for name, value in members.values.items() if name != "version"}
    if members.has("jurisdiction"):
        thresholds["jurisdiction"] = jurisdiction_of(beside(members.file, members.text("jurisdiction")))
    of_colours, of_people = divided(thresholds)
    return version, of_colours, people_policy(of_people, version)
