"""The journal's records and the reference topics' values in Avro, and back."""

from __future__ import annotations

from typing import Any, Final

from streams.codecs import schemas
from streams.codecs.errors import CodecError
from streams.codecs.geometry import geometry_fields, read_geometry
from streams.codecs.inputs import MOST_SIGHTINGS, PHONE
from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    Record,
    Sightings,
    TimeAdvanced,
)

RECORDS: Final = ("Sightings", "TimeAdvanced", "AreaPublished", "PolicyPublished", "Excluded")
LATEST: Final = 253_402_300_799
"""The last second of the year 9999: a time after it is no time."""


def encode_record(record: Record) -> bytes:
    """Return a journal record's bytes."""
    clock = {"clock": record.clock}
    match record:
        case Sightings():
            fields = {
                "phones": b"".join(record.phones),
                "hexes": record.hexes,
                "slots": record.slots,
                "coarse": bytes(record.coarse),
            }
            return schemas.encode("Sightings", clock | fields)
        case TimeAdvanced():
            return schemas.encode("TimeAdvanced", clock)
        case AreaPublished(area=area):
            return schemas.encode("AreaPublished", clock | _area_fields(area))
        case PolicyPublished():
            return schemas.encode(
                "PolicyPublished", clock | _policy_fields(record.version, record.thresholds)
            )
        case Excluded(exclusion=exclusion):
            return schemas.encode("Excluded", clock | _exclusion_fields(exclusion))


def decode_record(value: bytes | None) -> Record:
    """Read a journal record; CodecError says why not."""
    name, fields = schemas.decode(value, *RECORDS)
    clock = fields["clock"]
    if not 0 <= clock <= LATEST:
        raise CodecError("bad_value")
    match name:
        case "Sightings":
            return _sightings(clock, fields)
        case "AreaPublished":
            return AreaPublished(clock, _area(fields))
        case "PolicyPublished":
            return PolicyPublished(clock, fields["version"], _thresholds(fields))
        case "Excluded":
            return Excluded(clock, _exclusion(fields))
        case _:
            return TimeAdvanced(clock)


def _sightings(clock: int, fields: dict[str, Any]) -> Sightings:
    phones, hexes, slots, coarse = (fields[name] for name in ("phones", "hexes", "slots", "coarse"))
    count = len(slots)
    if count > MOST_SIGHTINGS:
        raise CodecError("oversized")
    if not len(phones) == count * PHONE or not len(hexes) == len(coarse) == count:
        raise CodecError("bad_value")
    return Sightings(
        clock,
        [phones[i : i + PHONE] for i in range(0, len(phones), PHONE)],
        hexes,
        slots,
        list(map(bool, coarse)),
    )


def encode_area(area: AreaVersion) -> bytes:
    """Return a RiskArea."""
    return schemas.encode("RiskArea", _area_fields(area))


def decode_area(value: bytes | None) -> AreaVersion:
    """Read a RiskArea; CodecError says why not."""
    return _area(schemas.decode(value, "RiskArea")[1])


def encode_policy(version: int, thresholds: dict[str, Any]) -> bytes:
    """Return a Policy."""
    return schemas.encode("Policy", _policy_fields(version, thresholds))


def decode_policy(value: bytes | None) -> tuple[int, dict[str, Any]]:
    """Read a Policy's version and thresholds; CodecError says why not."""
    _, fields = schemas.decode(value, "Policy")
    return fields["version"], _thresholds(fields)


def encode_exclusion(exclusion: Exclusion) -> bytes:
    """Return an Exclusion."""
    return schemas.encode("Exclusion", _exclusion_fields(exclusion))


def decode_exclusion(value: bytes | None) -> Exclusion:
    """Read an Exclusion; CodecError says why not."""
    return _exclusion(schemas.decode(value, "Exclusion")[1])


def _area_fields(area: AreaVersion) -> dict[str, Any]:
    return {
        "id": area.id,
        "version": area.version,
        "geometry": geometry_fields(area.geometry),
        "from": area.from_,
        "until": area.until,
        "fringe_rings": area.fringe_rings,
        "withdrawn": area.withdrawn,
        "name": area.name,
    }


def _area(fields: dict[str, Any]) -> AreaVersion:
    geometry = read_geometry(fields["geometry"])
    if not geometry and not fields["withdrawn"]:
        raise CodecError("bad_value")
    return AreaVersion(
        id=fields["id"],
        version=fields["version"],
        geometry=geometry,
        from_=fields["from"],
        until=fields["until"],
        fringe_rings=fields["fringe_rings"],
        withdrawn=fields["withdrawn"],
        name=fields["name"],
    )


def _policy_fields(version: int, thresholds: Any) -> dict[str, Any]:
    flat = {
        name: geometry_fields(value) if isinstance(value, tuple) else value
        for name, value in thresholds.items()
    }
    return {"version": version, "thresholds": flat}


def _thresholds(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: read_geometry(value) if isinstance(value, list) else value
        for name, value in fields["thresholds"].items()
    }


def _exclusion_fields(exclusion: Exclusion) -> dict[str, Any]:
    return {
        "case": exclusion.case,
        "version": exclusion.version,
        "phone": exclusion.phone,
        "hex": exclusion.hex,
        "at": exclusion.at,
        "from": exclusion.from_,
        "until": exclusion.until,
        "withdrawn": exclusion.withdrawn,
    }


def _exclusion(fields: dict[str, Any]) -> Exclusion:
    return Exclusion(
        case=fields["case"],
        version=fields["version"],
        phone=fields["phone"],
        hex=fields["hex"],
        at=fields["at"],
        from_=fields["from"],
        until=fields["until"],
        withdrawn=fields["withdrawn"],
    )
