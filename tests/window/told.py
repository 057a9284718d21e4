"""Changes in columns as a window tells them, made from objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from streams.window.changes import BASES, CHANGE, FIRST, KIND_CODES, REASON, ChangeColumns
from streams.window.naming import names_of
from streams.window.sets import COLOURS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import ColourChanged


def columns_of(changes: Sequence[ColourChanged], partition: int = 0, offset: int | None = 0) -> ChangeColumns:
    """Return changes of one record in columns."""
    rows, reasons, named = np.zeros(len(changes), CHANGE), [], []
    bits = {code: bit for bit, code in BASES}
    for row, change in zip(rows, changes, strict=True):
        for one in change.reasons:
            if one.area is None:
                row["base"] |= bits[one.code]
            else:
                named.append((one.area, one.area_version or 0))
                kind = KIND_CODES.index(one.code)
                reasons.append((one.from_, one.until, one.dwell_minutes, kind, len(named) - 1))
        row["high"], row["low"] = np.frombuffer(change.phone, ">i8")
        row["sequence"], row["policy_version"] = change.sequence, change.policy_version
        row["effective_at"] = change.effective_at
        row["valid_until"] = NOTHING if change.valid_until is None else change.valid_until
        row["end"], row["colour"] = len(reasons), COLOURS.index(change.colour)
        row["previous"] = FIRST if change.previous is None else COLOURS.index(change.previous)
    return ChangeColumns(rows, np.array(reasons, REASON), names_of(named), partition, offset)
