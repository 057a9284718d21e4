"""The journal's records of sightings in columns: read and written by compiled code."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from streams.codecs import forms
from streams.codecs.inputs import MOST_SIGHTINGS
from streams.codecs.schemas import MOST_BYTES
from streams.columns.sightings import read_sightings, write_sightings
from streams.window.columns import SightingColumns

if TYPE_CHECKING:
    from streams.columns.placed import Placed


def decode_columns(value: bytes | None) -> SightingColumns | None:
    """Read a record of sightings; None for any other value, which `decode_record` reads or says why not."""
    head = forms.head_of("Sightings")
    if value is None or not value.startswith(head) or len(value) > MOST_BYTES:
        return None
    data = np.frombuffer(value, np.uint8)
    count, clock, *columns = read_sightings(data, len(head), len(data), MOST_SIGHTINGS)
    return SightingColumns(clock, *columns) if count >= 0 else None


def encode_columns(placed: Placed, order: Any, ends: Any, slot_seconds: int) -> list[bytes]:
    """Return records of the sightings that stand in `order`, each up to one of `ends` (`write_sightings`)."""
    out, ended = write_sightings(_head(), *placed, order, ends, slot_seconds)
    whole, first, found = memoryview(out), 0, []
    for end in ended.tolist():
        found.append(bytes(whole[first:end]))
        first = end
    return found


@cache
def _head() -> Any:
    return np.frombuffer(forms.head_of("Sightings"), np.uint8)
