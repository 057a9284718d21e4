"""A colour change as a CloudEvent: one line of JSON, or Avro with `ce_` headers on Kafka."""

from __future__ import annotations

import json
from typing import Any, Final

from streams.codecs import schemas
from streams.codecs.errors import CodecError
from streams.codecs.inputs import PHONE
from streams.codecs.times import text
from streams.domain.records import ColourChanged, Reason

SOURCE: Final = "/shendeng/colours"
TYPE: Final = "io.shendeng.colour-changed.v1"
MORE: Final = 0x80
"""The bit of a number's byte after which another follows (Avro's variable-length integers)."""
HEADERS: Final = {
    "ce_specversion": b"1.0",
    "ce_id": b"",
    "ce_source": SOURCE.encode(),
    "ce_type": TYPE.encode(),
    "ce_subject": b"",
    "ce_time": b"",
    "ce_partitionkey": b"",
    "ce_sequence": b"",
    "content-type": b"application/avro",
}
"""The headers of a change in their order; a value that is empty here is each change's own."""


def change_json(change: ColourChanged) -> str:
    """Return a change as one line of JSON without its end; the same change gives the same bytes."""
    return json.dumps(cloud_event(change), ensure_ascii=False, separators=(",", ":"))


def cloud_event(change: ColourChanged) -> dict[str, Any]:
    """Return a change as a CloudEvent in structured mode."""
    phone = change.phone.hex()
    return {
        "specversion": "1.0",
        "id": f"{phone}-{change.sequence}",
        "source": SOURCE,
        "type": TYPE,
        "subject": phone,
        "time": text(change.effective_at),
        "datacontenttype": "application/json",
        "partitionkey": phone,
        "sequence": f"{change.sequence:020d}",
        "data": {
            "phone": phone,
            "sequence": change.sequence,
            "previous": change.previous,
            "colour": change.colour,
            "reasons": [reason_event(reason) for reason in change.reasons],
            "policy_version": change.policy_version,
            "effective_at": text(change.effective_at),
            "valid_until": _text(change.valid_until),
            "partition": change.partition,
            "offset": change.offset,
        },
    }


def reason_event(reason: Reason) -> dict[str, Any]:
    """Return a reason as it stands in a change's CloudEvent."""
    return {
        "code": reason.code,
        "area": reason.area,
        "area_version": reason.area_version,
        "from": _text(reason.from_),
        "until": _text(reason.until),
        "dwell_minutes": reason.dwell_minutes,
    }


def change_headers(change: ColourChanged) -> list[tuple[str, bytes]]:
    """Return the CloudEvents attributes as headers of Kafka's binary mode."""
    event = cloud_event(change)
    return [(name, value or event[name.removeprefix("ce_")].encode()) for name, value in HEADERS.items()]


def encode_change(change: ColourChanged) -> bytes:
    """Return a ColourChanged's bytes."""
    reasons = [
        {
            "code": reason.code,
            "area": reason.area,
            "area_version": reason.area_version,
            "from": _millis(reason.from_),
            "until": _millis(reason.until),
            "dwell_minutes": reason.dwell_minutes,
        }
        for reason in change.reasons
    ]
    return schemas.encode(
        "ColourChanged",
        {
            "phone": change.phone,
            "sequence": change.sequence,
            "previous": change.previous,
            "colour": change.colour,
            "reasons": reasons,
            "policy_version": change.policy_version,
            "effective_at": _millis(change.effective_at),
            "valid_until": _millis(change.valid_until),
            "partition": change.partition,
            "offset": change.offset,
        },
    )


def decode_change(value: bytes | None) -> ColourChanged:
    """Read a ColourChanged; CodecError says why not."""
    _, fields = schemas.decode(value, "ColourChanged")
    reasons = tuple(
        Reason(
            code=reason["code"],
            area=reason["area"],
            area_version=reason["area_version"],
            from_=_seconds(reason["from"]),
            until=_seconds(reason["until"]),
            dwell_minutes=reason["dwell_minutes"],
        )
        for reason in fields["reasons"]
    )
    times = {
        "effective_at": fields["effective_at"] // 1000,
        "valid_until": _seconds(fields["valid_until"]),
    }
    return ColourChanged(**{**fields, **times, "reasons": reasons})


def colour_in(value: bytes | None) -> str:
    """Return a ColourChanged's colour and read no more of it: a twentieth of the time (measured).

    For whoever must look at every change and needs few of them. CodecError for any other value.
    """
    head = schemas.load()["ColourChanged"].header
    if value is None or not value.startswith(head):
        raise CodecError("bad_framing")
    try:
        at = len(head) + PHONE
        while value[at] & MORE:
            at += 1
        at += 1
        # A colour is shorter than 64 bytes, so its length is one byte, doubled.
        at += 1 if value[at] == 0 else 2 + (value[at + 1] >> 1)
        size = value[at] >> 1
        return value[at + 1 : at + 1 + size].decode("ascii")
    except (IndexError, UnicodeDecodeError):
        raise CodecError("truncated") from None


def _millis(seconds: int | None) -> int | None:
    return None if seconds is None else seconds * 1000


def _seconds(millis: int | None) -> int | None:
    return None if millis is None else millis // 1000


def _text(seconds: int | None) -> str | None:
    return None if seconds is None else text(seconds)
