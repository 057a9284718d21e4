"""The files of a simulation that stand still: towers, areas, jurisdiction, policy, controls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from streams.codecs.times import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import AreaVersion, Geometry
    from streams.domain.towers import Tower

COLUMNS: Final = "radio,mcc,net,area,cell,unit,lon,lat,range,samples,changeable,created,updated,averageSignal"
"""OpenCelliD's."""


def towers_csv(towers: Iterable[Tower], at: int) -> str:
    """Return towers as OpenCelliD's columns, as if made and last seen `at`."""
    rows = (
        f"LTE,{tower.id.replace('-', ',')},0,{tower.longitude},{tower.latitude},{tower.range_m or 0:.0f}"
        f",1,1,{at},{at},0"
        for tower in towers
    )
    return "\n".join((COLUMNS, *rows, ""))


def areas_geojson(versions: Iterable[AreaVersion]) -> str:
    """Return versions of key areas as a FeatureCollection, a feature a line."""
    return _collection(map(feature, versions))


def jurisdiction_geojson(geometry: Geometry) -> str:
    """Return a jurisdiction as a FeatureCollection."""
    return _collection([{"type": "Feature", "properties": {}, "geometry": geometry_json(geometry)}])


def feature(version: AreaVersion) -> dict[str, Any]:
    """Return a version of a key area as a GeoJSON feature."""
    properties: dict[str, Any] = {
        "id": version.id,
        "version": version.version,
        "name": version.name,
        "from": text(version.from_),
        "until": None if version.until is None else text(version.until),
        "fringe_rings": version.fringe_rings,
    }
    if version.withdrawn:
        properties["withdrawn"] = True
    return {"type": "Feature", "properties": properties, "geometry": geometry_json(version.geometry)}


def controls_ndjson(amended: Iterable[tuple[int, AreaVersion]], end: int) -> str:
    """Return areas amended on the way, each at its time, and a last record of time at `end`."""
    found: list[dict[str, Any]] = [
        {"at": text(at), "type": "area", "feature": feature(version)} for at, version in amended
    ]
    found.append({"at": text(end), "type": "time"})
    return "".join(f"{json.dumps(control, ensure_ascii=False)}\n" for control in found)


def policy_toml(jurisdiction: str | None, timezone: str) -> str:
    """Return the first policy: the built-in thresholds, a time zone, and a jurisdiction if there is one."""
    named = [] if jurisdiction is None else [f'jurisdiction = "{jurisdiction}"']
    return "\n".join(("version = 1", f'timezone = "{timezone}"', *named, ""))


def _collection(features: Iterable[dict[str, Any]]) -> str:
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def geometry_json(geometry: Geometry) -> dict[str, Any]:
    """Return a geometry as GeoJSON."""
    if len(geometry) == 1:
        return {"type": "Polygon", "coordinates": geometry[0]}
    return {"type": "MultiPolygon", "coordinates": geometry}
