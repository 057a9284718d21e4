"""What a state knows beside phones and entries, in words: rules, areas, cases, sets of reasons (JSON)."""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from streams.domain.policy import Policy
from streams.domain.records import AreaVersion, Exclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import Geometry
    from streams.window.window import Window


class Facts(NamedTuple):
    """The facts of one moment; everything in them is never changed."""

    policy: Policy
    areas: tuple[AreaVersion, ...]
    """Of each id the version known, withdrawn ones included."""
    cases: tuple[Exclusion, ...]
    named: tuple[tuple[str, int], ...]
    """Areas' ids and versions by the serials that sets of reasons have."""
    sets: tuple[tuple[int, tuple[int, ...]], ...]
    """Sets of reasons by number: base and items."""


def facts_of(window: Window) -> Facts:
    """Return the facts as they are now; it takes no longer than copying lists."""
    return Facts(
        window.rules.policy,
        tuple(window.versions.values()),
        tuple(window.cases.versions.values()),
        tuple(window.parts.atlas.named),
        window.parts.known.listed(),
    )


class FactsWriter:
    """Writes facts; the text of an area version, which may be long, is made once."""

    def __init__(self) -> None:
        self._areas: dict[tuple[str, int], str] = {}

    def write(self, facts: Facts) -> bytes:
        """Return the facts' bytes."""
        areas, self._areas = self._areas, {}
        for area in facts.areas:
            key = area.id, area.version
            self._areas[key] = areas.get(key) or _json(asdict(area))
        cases = [asdict(case) | {"phone": case.phone and case.phone.hex()} for case in facts.cases]
        policy, named, sets = map(_json, (asdict(facts.policy), facts.named, facts.sets))
        text = (
            f'{{"policy":{policy},"areas":[{",".join(self._areas.values())}],'
            f'"cases":{_json(cases)},"named":{named},"sets":{sets}}}'
        )
        return zlib.compress(text.encode(), 1)


def read_facts(given: bytes) -> Facts:
    """Read what a FactsWriter wrote; ValueError, KeyError or TypeError where it is nothing of the kind."""
    found = json.loads(zlib.decompress(given))
    policy = found["policy"]
    return Facts(
        Policy(**policy | {"jurisdiction": _geometry(policy["jurisdiction"])}),
        tuple(
            AreaVersion(**area | {"geometry": _geometry(area["geometry"]) or ()}) for area in found["areas"]
        ),
        tuple(
            Exclusion(**case | {"phone": None if case["phone"] is None else bytes.fromhex(case["phone"])})
            for case in found["cases"]
        ),
        tuple((name, version) for name, version in found["named"]),
        tuple((base, tuple(items)) for base, items in found["sets"]),
    )


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def _geometry(polygons: Sequence[Any] | None) -> Geometry | None:
    if polygons is None:
        return None
    return tuple(
        tuple(tuple((longitude, latitude) for longitude, latitude in ring) for ring in polygon)
        for polygon in polygons
    )
