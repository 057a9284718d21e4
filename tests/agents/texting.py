"""Phones that ask by SMS on a real broker: bound, seen, texting; and what they are answered."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.records import Sightings
from streams.domain.slots import slot_of
from streams.people.bindings import Binding
from streams.people.codes.digits import CheckKey
from streams.people.sms.said import SmsInbound, SmsOutbound, What
from tests.agents.stage import PARTITIONS
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from streams.domain.records import Geometry
    from tests.agents.stage import Stage

CHECKS = CheckKey(bytes(range(32)))
RIGHT, WRONG = CHECKS.value("123X"), CHECKS.value("0000")
LI = bytes([1, 1]) * 8
NOW = int(time.time())
HOUR = 3600
SLOT = 15


def a_phone(number: int, partition: int | None = None) -> bytes:
    """Return a pseudonym, in a partition if one is named."""
    names = (bytes((1, *number.to_bytes(4, "big"), other, *[7] * 10)) for other in range(200))
    return next(
        one for one in names if partition is None or codecs.partitions_of([one], PARTITIONS)[0] == partition
    )


def cities_file(folder: Path, **cities: str) -> str:
    """Write boundaries: English name and shape, the Chinese name being 城 and the English one."""
    features = [
        {
            "type": "Feature",
            "properties": {"name": f"城{name}", "name_en": name},
            "geometry": {"type": "MultiPolygon", "coordinates": _lists(places.geometry(shape))},
        }
        for name, shape in cities.items()
    ]
    path = folder / "cities.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return str(path)


def _lists(geometry: Geometry) -> Any:
    return json.loads(json.dumps(geometry))


def binding(phone: bytes, person: bytes | None = LI, check: int | None = RIGHT) -> tuple[bytes, bytes]:
    """Return key and value of a carrier's binding since a month ago."""
    one = Binding(phone, 1, person, "mobile", NOW - 30 * 24 * HOUR, check=check)
    return codecs.version_key(phone.hex(), 1), codecs.encode_binding(one)


def bind(stage: Stage, *phones: bytes, person: bytes | None = LI) -> None:
    for partition in range(PARTITIONS):
        here = [one for one in phones if codecs.partitions_of([one], PARTITIONS)[0] == partition]
        stage.send(stage.names.identity_bindings, [binding(one, person) for one in here], partition)


def seen(stage: Stage, phone: bytes, place: str, hours: int, until: int = NOW - 24 * HOUR) -> None:
    """Put sightings into the journal: every quarter of so many hours up to a time."""
    slots = range(slot_of(until - hours * HOUR, SLOT), slot_of(until, SLOT) + 1)
    cell = places.cell(place)
    several = Sightings(until, [phone] * len(slots), [cell] * len(slots), list(slots), [False] * len(slots))
    [partition] = codecs.partitions_of([phone], PARTITIONS)
    stage.send_journal(partition, several)


def text(message: str, what: What, check: int | None = None, **more: Any) -> bytes:
    return codecs.encode_sms_inbound(
        SmsInbound(message, **({"carrier": "mobile"} | more), what=what, check=check)
    )


def at_once(message: str, check: int = RIGHT, language: str | None = None) -> bytes:
    """Return a text with everything in it, as subscribers of Unicom send it."""
    return text(message, What.OPENS, check, carrier="unicom", language=language)


def send(stage: Stage, phone: bytes, *values: bytes) -> None:
    stage.send(stage.names.sms_inbound, [(phone, value) for value in values])


@dataclass(frozen=True)
class Answer:
    """A record of `sms-outbound`."""

    phone: bytes
    at: int
    sms: SmsOutbound


def answers(stage: Stage) -> list[Answer]:
    return [
        Answer(one.key, one.timestamp, codecs.decode_sms_outbound(one.value))
        for one in stage.read(stage.names.sms_outbound)
    ]


def said(stage: Stage, phone: bytes) -> list[tuple[str, Sequence[str]]]:
    """Return what a phone was answered, by message."""
    return [(one.sms.message, one.sms.parts) for one in answers(stage) if one.phone == phone]
