"""A state put together anew from sightings takes each phone's last change for its own (rules 6.1, 6.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from streams.domain.slots import slot_of
from streams.window.changes import BASES, KIND_CODES
from streams.window.shapes import CALM, RANGING, TOUCHED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.domain.records import ColourChanged, ReasonCode
    from streams.window.window import Window

BITS: Final[Mapping[ReasonCode, int]] = {code: bit for bit, code in BASES}


def recall(window: Window, last: Mapping[bytes, ColourChanged]) -> int:
    """Give each phone the sequence and the reasons of its last change, and none to those without one.

    All are judged at the clock. Those of whom something else is found than their last change says are looked
    at again when the next slot begins; returns how many these are, 0 where the state is what it was.
    """
    book, known, atlas, clock = window.parts.book, window.parts.known, window.parts.atlas, window.clock
    book.add([phone for phone in last if book.row(phone) is None])
    phones = book.phones
    phones.hot["keys"][1 : book.count + 1] = 0
    phones.sequence[1 : book.count + 1] = 0
    for phone, change in last.items():
        row, base, items = book.row(phone), 0, []
        for reason in change.reasons:
            if reason.area is None or reason.area_version is None:
                base |= BITS[reason.code]
            else:
                serial = atlas.serial(reason.area, reason.area_version)
                items.append(serial * 4 + KIND_CODES.index(reason.code))
        phones.hot["keys"][row] = known.number(base, tuple(sorted(items)))
        phones.sequence[row] = change.sequence
    flags = phones.hot["flags"][1 : book.count + 1]
    flags[:] = flags & ~np.int32(CALM) | TOUCHED | RANGING
    phones.changed[:] = True
    if clock is None:
        return 0
    keys, sequences = phones.hot["keys"].copy(), phones.sequence.copy()
    found = window.judge_everybody()
    rows = [book.row(change.phone) for change in found]
    phones.hot["keys"][rows], phones.sequence[rows] = keys[rows], sequences[rows]
    phones.due[rows] = slot_of(clock, window.rules.policy.slot_minutes) + 1
    return len(found)
