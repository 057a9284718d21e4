"""controls.ndjson: what happens on the way, each control checked as the fold will meet it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from streams.domain import exclusions, hexes
from streams.domain.policy import Policy, PolicyError, merged, policy_from
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    TimeAdvanced,
)
from streams.files.doors import text_of
from streams.files.geojson import admit, area_of
from streams.files.members import parsed
from streams.files.policy import thresholds_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.policy import Deployment
    from streams.files.members import Members

_HEX: Final = re.compile(r"[0-9a-f]{15}")


class Control(NamedTuple):
    """A control and its own time; the journal gives the record its clock."""

    at: int
    record: AreaPublished | PolicyPublished | Excluded | TimeAdvanced


@dataclass(slots=True)
class Course:
    """What is in force on the way through the controls, to refuse what the fold would refuse."""

    policy: Policy
    areas: dict[str, AreaVersion]
    deployment: Deployment
    cases: dict[str, Exclusion] = field(default_factory=dict)

    def take(self, line: Members) -> Control:
        """Read the next control; UnusableError if it is malformed or the rules refuse it."""
        at = line.time("at")
        kind = line.values.get("type")
        match kind:
            case "area":
                return Control(at, AreaPublished(at, self._area(line.inside("feature"))))
            case "policy":
                return Control(at, self._policy(line.inside("policy"), at))
            case "exclusion":
                return Control(at, Excluded(at, self._exclusion(line, at)))
            case "time":
                return Control(at, TimeAdvanced(at))
        raise line.wrong("type", "'area', 'policy', 'exclusion' or 'time'")

    def _area(self, feature: Members) -> AreaVersion:
        version = area_of(feature)
        admit(version, self.areas, self.policy, feature)
        return version

    def _policy(self, members: Members, at: int) -> PolicyPublished:
        try:
            version, thresholds, _ = thresholds_of(members)
            policy_from(thresholds, version, self.policy)
            if version > self.policy.version:
                self.policy = merged(self.policy, version, thresholds, self.deployment)
        except PolicyError as error:
            raise UnusableError(members.file, members.place, str(error)) from None
        return PolicyPublished(at, version, thresholds)

    def _exclusion(self, line: Members, at: int) -> Exclusion:
        new = _exclusion_of(line, at, self.policy.resolution)
        known = self.cases.get(new.case)
        refused = exclusions.refusal(known, new)
        if refused is not None:
            raise UnusableError(line.file, line.place, refused)
        if known is None or new.version > known.version:
            self.cases[new.case] = new
        return new


def controls_of(
    path: str, policy: Policy, areas: Iterable[AreaVersion], deployment: Deployment
) -> list[Control]:
    """Return a file's controls in file order; `policy` and `areas` stand before the first."""
    standing: dict[str, AreaVersion] = {}
    for area in areas:
        if area.id not in standing or area.version > standing[area.id].version:
            standing[area.id] = area
    course = Course(policy, standing, deployment)
    return [course.take(line) for line in _lines(path)]


def _lines(path: str) -> Iterator[Members]:
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if line.strip():
            yield parsed(line, path, f"line {number}")


def _exclusion_of(line: Members, at: int, resolution: int) -> Exclusion:
    withdrawn = line.flag("withdrawn")
    for key in () if withdrawn else ("from", "until"):
        if key not in line.values:
            raise line.wrong(key, "a time with its offset (RFC 3339), or null for open")
    start, until = line.time_or_open("from"), line.time_or_open("until")
    if start is not None and until is not None and until <= start:
        raise line.wrong("until", "a time later than from")
    return Exclusion(
        case=line.text("case"),
        version=line.whole("version", least=1, default=1),
        phone=line.phone("phone"),
        hex=_hex_of(line, resolution),
        at=at,
        from_=start,
        until=until,
        withdrawn=withdrawn,
    )


def _hex_of(line: Members, resolution: int) -> int | None:
    if not line.has("hex"):
        return None
    text = line.values["hex"]
    if isinstance(text, str) and _HEX.fullmatch(text):
        cell = int(text, 16)
        if hexes.is_cell(cell, resolution):
            return cell
    raise line.wrong("hex", f"an H3 cell of resolution {resolution} in 15 lower-case hex digits")
