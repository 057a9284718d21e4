"""Events of random histories as bytes, both ways of writing them; run by itself, on standard output."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from streams.codecs import change_json, encode_change
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.retold import started, tell
from tests.properties.seeds import seeded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.properties.histories import History


def written(past: History) -> bytes:
    changes = tell(started(past), past.records)
    return b"".join(change_json(change).encode() + b"\n" + encode_change(change) for change in changes)


def all_written(seeds: Iterable[int]) -> bytes:
    return b"".join(written(made_from(seeded(seed))) for seed in seeds for made_from in (history, chain))


if __name__ == "__main__":
    sys.stdout.buffer.write(all_written(range(int(sys.argv[1]))))
