"""A colour change as a CloudEvents 1.0 JSON line (interfaces: a colour change)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from streams.codecs.times import text

if TYPE_CHECKING:
    from streams.domain.records import ColourChanged, Reason

SOURCE: Final = "/shendeng/colours"
TYPE: Final = "io.shendeng.colour-changed.v1"


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
            "reasons": [_reason(reason) for reason in change.reasons],
            "policy_version": change.policy_version,
            "effective_at": text(change.effective_at),
            "valid_until": _text(change.valid_until),
            "partition": change.partition,
            "offset": change.offset,
        },
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "area": reason.area,
        "area_version": reason.area_version,
        "from": _text(reason.from_),
        "until": _text(reason.until),
        "dwell_minutes": reason.dwell_minutes,
    }


def _text(seconds: int | None) -> str | None:
    return None if seconds is None else text(seconds)
