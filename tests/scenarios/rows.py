"""What came out of a scenario as rows of a table (README.md), to be held against those expected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.codecs.changes import cloud_event
from tests.scenarios import notation
from tests.scenarios.notation import time_text
from tests.scenarios.places import UnreadableError
from tests.scenarios.steps import Keys

if TYPE_CHECKING:
    from streams.domain.records import ColourChanged, Reason

Row = dict[str, Any]

EVENT: Final = ("time", "phone", "colour", "reasons")
"""What every row of a change event says; it may say more."""
MORE: Final = ("previous", "sequence", "valid_until", "policy", "partition", "offset", "id")
OTHERS: Final = (("refused",), ("too_late",), ("dead_letter",), ("hex", "coarse"))
"""What a row says of a record refused, of sightings too old, of what a door turned away, of a tower."""


def rows(outcomes: list[ColourChanged | Row], expected: list[Row]) -> list[Row]:
    """Return what came out, each row with the keys that the expected one in its place has."""
    asked = [*map(_checked, expected), *[{}] * len(outcomes)]
    return [
        _other(one, row) if isinstance(one, dict) else _event(one, row)
        for one, row in zip(outcomes, asked, strict=False)
    ]


def _checked(row: Row) -> Row:
    keys = set(Keys.of(row).left)
    event = set(EVENT) <= keys <= {*EVENT, *MORE}
    if not event and keys not in map(set, OTHERS):
        raise UnreadableError(f"expected a row with {', '.join(EVENT)}, or one of {OTHERS}; found {row}")
    return row


def _other(found: Row, row: Row) -> Row:
    """Return a row as it is; of a refusal, the expected words where they are in its text."""
    words = row.get("refused")
    return row if words is not None and words in found.get("refused", "") else found


def _event(change: ColourChanged, row: Row) -> Row:
    shown = {
        "time": time_text(change.effective_at),
        "phone": notation.phone_name(change.phone),
        "colour": change.colour,
        "reasons": _reasons(change, row.get("reasons", [])),
        "previous": change.previous,
        "sequence": change.sequence,
        "valid_until": time_text(change.valid_until),
        "policy": change.policy_version,
        "partition": change.partition,
        "offset": change.offset,
        "id": cloud_event(change)["id"].replace(change.phone.hex(), notation.phone_name(change.phone)),
    }
    return {key: shown[key] for key in (row if set(EVENT) <= set(row) else EVENT)}


def _reasons(change: ColourChanged, asked: list[str]) -> list[str]:
    texts = [*asked, *[""] * len(change.reasons)]
    return [
        _reason(reason, whole=" from " in text) for reason, text in zip(change.reasons, texts, strict=False)
    ]


def _reason(reason: Reason, *, whole: bool) -> str:
    """Return `STAYED A`, or `STAYED A v1 from … until … dwell …`; a version 1 goes without saying."""
    behind = (reason.area, reason.area_version, reason.from_, reason.until, reason.dwell_minutes)
    if not any(part is not None for part in behind):
        return reason.code
    version = "" if reason.area_version == 1 else f" v{reason.area_version}"
    text = f"{reason.code} {reason.area}{version}"
    times = f" from {time_text(reason.from_)} until {time_text(reason.until)} dwell {reason.dwell_minutes}"
    return text + times if whole else text
