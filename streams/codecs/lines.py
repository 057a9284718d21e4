"""Colour changes from columns to lines of JSON, without an object a change."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.codecs.changes import cloud_event, reason_event
from streams.columns.changes import Place
from streams.columns.lines import OWN_ROOM, REASON_ROOM, JsonAreas, JsonSpelling, write_lines
from streams.columns.texts import texts_of
from streams.domain.records import ColourChanged, Reason
from streams.window.changes import BASES, KIND_CODES
from streams.window.sets import COLOURS
from streams.window.shapes import NOTHING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.domain.records import ReasonCode
    from streams.window.changes import ChangeColumns
    from streams.window.naming import AreaNames

ROWS: Final = 4096
"""Changes written at once: there is room for as many in a few megabytes."""
TEXT: Final = "\0"
VALUE: Final = "\1"
"""What stands for a change's own: within quotes, and without."""
OWN: Final = re.compile(rb'\\u0000|"\\u0001"')
SOME: Final = ColourChanged(bytes(16), 1, None, "green", (), 0, 0, None, 0, None)
"""A change whose own is taken out: what is left, all have."""


class ChangeLines:
    """Writes changes as lines; areas' ids are spelt once, while they stay the same."""

    def __init__(self) -> None:
        self._names: AreaNames | None = None

    def of(self, columns: ChangeColumns) -> Iterator[memoryview]:
        """Yield whole lines, many at once: of each change what `change_json` gives, and the line's end."""
        if columns.areas is not self._names:
            self._names, self._areas = columns.areas, _areas(columns.areas)
            self._sizes = np.diff(self._areas.end, prepend=0)
        spelling, areas = _spelling(), self._areas
        room = len(spelling.around) + len(spelling.bare) + len(BASES) + OWN_ROOM
        reason_room = len(spelling.kinds) + len(spelling.times) + REASON_ROOM
        place = Place(columns.partition, NOTHING if columns.offset is None else columns.offset)
        free = 0
        for begin in range(0, len(columns.rows), ROWS):
            rows = columns.rows[begin : begin + ROWS]
            end = int(rows["end"][-1])
            ids = int(self._sizes[columns.reasons["area"][free:end]].sum())
            out = np.empty(len(rows) * room + (end - free) * reason_room + ids, np.uint8)
            size = write_lines(rows, columns.reasons, free, areas, place, spelling, out)
            free = end
            yield out[:size].data


@cache
def _spelling() -> JsonSpelling:
    event = cloud_event(SOME)
    data = dict.fromkeys(event["data"], VALUE) | {"phone": TEXT, "effective_at": TEXT, "reasons": [VALUE]}
    own = dict.fromkeys(("id", "subject", "time", "partitionkey", "sequence"), TEXT)
    *around, last = _cut(event | own | {"data": data})
    return JsonSpelling(
        *texts_of([*around, last + b"\n"]),
        *texts_of([b"null", *map(_json, COLOURS)]),
        *texts_of([_around_reason(code)[0] for code in KIND_CODES]),
        *texts_of(_around_reason(KIND_CODES[0])[3:]),
        *texts_of([_json(reason_event(Reason(code))) for _, code in BASES]),
    )


def _areas(names: AreaNames) -> JsonAreas:
    _, between, behind, *_ = _around_reason(KIND_CODES[0])
    named = [(_json(name), str(version).encode()) for name, version in names.listed()]
    return JsonAreas(*texts_of([name + between + version + behind for name, version in named]))


def _around_reason(code: ReasonCode) -> list[bytes]:
    """Return a reason that names an area, around area, version, from, until and dwell."""
    reason = reason_event(Reason(code))
    return _cut(dict.fromkeys(reason, VALUE) | {"code": code, "from": TEXT, "until": TEXT})


def _cut(value: Any) -> list[bytes]:
    """Return a value as JSON, cut where something stands for a change's own."""
    return OWN.split(_json(value))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
