"""What values of sightings may begin with: single-object headers, and Confluent's (D7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from streams.codecs import forms
from streams.codecs.frames import HEAD, SINGLE_HEAD, ZERO
from streams.codecs.schemas import MOST_BYTES
from streams.columns.events import BATCH, EVENT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.codecs.frames import Writer
    from streams.codecs.values import Values

KINDS: Final = {"LocationEvent": EVENT, "LocationBatch": BATCH}


class Heads(NamedTuple):
    """Heads, a row each: its bytes (uint8), how many they are, what stands behind, the largest value read."""

    heads: Any
    lengths: Any
    kinds: Any
    most: Any


def heads_of(writers: Mapping[int, Writer]) -> Heads:
    """Return the heads of what is read here, `writers` being the schemas by a registry's ids.

    A schema that only resembles ours is left out: its bodies may be others.
    """
    found = [(forms.head_of(name), kind) for name, kind in KINDS.items()]
    for number, writer in writers.items():
        if writer.same and writer.ours.name in KINDS:
            found.append((bytes((ZERO, *number.to_bytes(HEAD - 1, "big"))), KINDS[writer.ours.name]))
    heads = np.zeros((len(found), SINGLE_HEAD), np.uint8)
    for row, (head, _) in enumerate(found):
        heads[row, : len(head)] = list(head)
    lengths = np.array([len(head) for head, _ in found], np.int64)
    # A value counts as large by its length behind a single-object header, whatever it came with.
    return Heads(
        heads, lengths, np.array([kind for _, kind in found], np.int64), MOST_BYTES - SINGLE_HEAD + lengths
    )


def schema_ids(values: Values) -> set[int]:
    """Return the schema ids in the Confluent headers among values."""
    start = values.start[values.size >= HEAD]
    start = start[values.data[start] == ZERO]
    found = np.zeros(len(start), np.int64)
    for place in range(1, HEAD):
        found = found << 8 | values.data[start + place]
    return set(np.unique(found).tolist())
