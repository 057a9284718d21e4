"""changes.ndjson: one CloudEvents 1.0 JSON a line."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from streams.codecs import change_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import ColourChanged


def write_changes(stream: BinaryIO, changes: Iterable[ColourChanged]) -> None:
    """Write changes as lines, all at once: who reads along sees whole lines only."""
    lines = "".join(change_json(change) + "\n" for change in changes)
    if lines:
        stream.write(lines.encode())
        stream.flush()
