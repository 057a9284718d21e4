"""What carriers and the back office publish: sightings in both spellings, towers (D7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from streams.codecs import schemas
from streams.codecs.errors import CodecError
from streams.domain.towers import Tower, canonical

PHONE: Final = 16
"""Bytes of a pseudonym."""
MOST_SIGHTINGS: Final = 10_000


@dataclass(slots=True)
class Events:
    """Sightings in columns of one length: pseudonyms, tower ids, milliseconds since 1970."""

    phones: list[bytes] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    seen_at: list[int] = field(default_factory=list)


def decode_events(value: bytes | None) -> Events:
    """Read a LocationEvent or a LocationBatch; CodecError says why not."""
    name, fields = schemas.decode(value, "LocationEvent", "LocationBatch")
    if name == "LocationEvent":
        return Events([fields["phone"]], [fields["cell"]], [fields["seen_at"]])
    return _batch(fields)


def _batch(fields: dict[str, Any]) -> Events:
    phones, cells, places, seen_at = (fields[name] for name in ("phones", "cells", "cell", "seen_at"))
    count = len(places)
    if count > MOST_SIGHTINGS:
        raise CodecError("oversized")
    if len(phones) != count * PHONE or len(seen_at) != count:
        raise CodecError("bad_value")
    if count and not 0 <= min(places) <= max(places) < len(cells):
        raise CodecError("bad_value")
    return Events(
        [phones[i : i + PHONE] for i in range(0, len(phones), PHONE)],
        [cells[place] for place in places],
        seen_at,
    )


def encode_event(phone: bytes, cell: str, seen_at: int) -> bytes:
    """Return a LocationEvent; `seen_at` in milliseconds."""
    return schemas.encode("LocationEvent", {"phone": phone, "cell": cell, "seen_at": seen_at})


def encode_batch(events: Events) -> bytes:
    """Return a LocationBatch of at most 10,000 sightings."""
    places: dict[str, int] = {}
    cell = [places.setdefault(name, len(places)) for name in events.cells]
    return schemas.encode(
        "LocationBatch",
        {"phones": b"".join(events.phones), "cells": list(places), "cell": cell, "seen_at": events.seen_at},
    )


def encode_tower(tower: Tower) -> bytes:
    """Return a CellTower."""
    fields = {"id": tower.id, "lon": tower.longitude, "lat": tower.latitude, "range": tower.range_m}
    return schemas.encode("CellTower", fields)


def decode_tower(value: bytes | None) -> Tower:
    """Read a CellTower; CodecError says why not."""
    _, fields = schemas.decode(value, "CellTower")
    name = canonical(fields["id"])
    on_earth = -180 <= fields["lon"] <= 180 and -90 <= fields["lat"] <= 90  # noqa: PLR2004 - degrees
    if name is None or not on_earth:
        raise CodecError("bad_value")
    return Tower(name, fields["lon"], fields["lat"], fields["range"])
