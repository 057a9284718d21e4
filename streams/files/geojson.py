"""areas.geojson and the jurisdiction's file: features checked one by one (rules 2.2, 5.4)."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from streams.domain.areas import refusal
from streams.domain.records import AreaVersion
from streams.files.doors import text_of
from streams.files.members import Members, parsed
from streams.files.shapes import geometry_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.policy import Policy
    from streams.domain.records import Geometry


def areas_of(path: str, policy: Policy) -> list[AreaVersion]:
    """Return a file's area versions in file order; UnusableError if one is broken or without cells."""
    versions: list[AreaVersion] = []
    standing: dict[str, AreaVersion] = {}
    for feature in features_of(path):
        version = area_of(feature)
        admit(version, standing, policy, feature)
        versions.append(version)
    return versions


def area_of(feature: Members) -> AreaVersion:
    """Return the area version of a feature; a withdrawn one needs no geometry and no interval."""
    if feature.values.get("type") != "Feature":
        raise feature.wrong("type", "'Feature'")
    properties = feature.inside("properties")
    withdrawn = properties.flag("withdrawn")
    start = properties.time_or_open("from") if withdrawn else properties.time("from")
    until = properties.time_or_open("until")
    if until is not None and start is not None and until <= start:
        raise properties.wrong("until", "a time later than from")
    return AreaVersion(
        id=properties.text("id"),
        version=properties.whole("version", least=1),
        geometry=() if withdrawn and not feature.has("geometry") else geometry_of(feature),
        from_=0 if start is None else start,
        until=until,
        fringe_rings=properties.whole("fringe_rings", least=0, default=1),
        withdrawn=withdrawn,
        name=properties.text("name") if properties.values.get("name") else None,
    )


def admit(version: AreaVersion, standing: dict[str, AreaVersion], policy: Policy, feature: Members) -> None:
    """Let a version stand if it is higher than what does; UnusableError if the rules refuse it."""
    known = standing.get(version.id)
    if known is not None and version.version <= known.version:
        return
    refused = refusal(version, policy.resolution)
    if refused is not None:
        raise UnusableError(feature.file, feature.place, refused)
    standing[version.id] = version


def jurisdiction_of(path: str) -> Geometry:
    """Return the polygons of a jurisdiction's file as one geometry (rule 5.4)."""
    return tuple(chain.from_iterable(geometry_of(feature) for feature in features_of(path)))


def features_of(path: str) -> Iterator[Members]:
    """Yield the features of a FeatureCollection, each with its place."""
    collection = parsed(text_of(path), path, "")
    if collection.values.get("type") != "FeatureCollection":
        raise collection.wrong("type", "'FeatureCollection'")
    features = collection.values.get("features")
    if not isinstance(features, list):
        raise collection.wrong("features", "a list")
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict):
            raise UnusableError(path, f"feature {number}", "expected an object")
        yield Members(feature, path, f"feature {number}")
