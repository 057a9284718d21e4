"""Areas' ids and versions as compiled code reads them, by their serials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.window.shapes import Array

ODD: Final = "surrogatepass"
"""JSON can spell ids that are no UTF-8: who writes them out refuses them, not who judges."""


class AreaNames(NamedTuple):
    """By serial: where an id ends in `text` (UTF-8; it begins where the one before ends), and the version.

    `rank` orders the ids by their bytes (rule 6.2). These arrays are never written to again.
    """

    text: Array
    end: Array
    version: Array
    rank: Array

    def listed(self) -> list[tuple[str, int]]:
        """Return ids and versions."""
        text, ends = self.text.tobytes(), self.end.tolist()
        ids = [text[begin:end].decode(errors=ODD) for begin, end in zip([0, *ends], ends, strict=False)]
        return list(zip(ids, self.version.tolist(), strict=True))


def names_of(named: Sequence[tuple[str, int]]) -> AreaNames:
    """Return the names by serial."""
    ids = [name.encode(errors=ODD) for name, _ in named]
    rank = np.empty(len(ids), np.int64)
    rank[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
    return AreaNames(
        np.frombuffer(b"".join(ids), np.uint8),
        np.cumsum([len(name) for name in ids], dtype=np.int64),
        np.array([version for _, version in named], np.int64),
        rank,
    )
