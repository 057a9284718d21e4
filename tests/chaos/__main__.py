"""`python -m tests.chaos ROUNDS SEED`: real processes, real Kafka; ends at the first difference."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.chaos.rounds import rounds, table


def main(count: int, seed: int) -> int:
    """Run rounds and print a line for each, then the table."""
    folder = Path(tempfile.mkdtemp(prefix="shendeng-chaos-"))
    print(f"seed {seed}, logs in {folder}", flush=True)  # noqa: T201 - a command
    found = []
    for one in rounds(folder, count, seed):
        found.append(one)
        line = f"{len(found)}/{count} {one.disturbance}: {one.changes} changes the same, {one.seconds:.0f} s"
        print(line, flush=True)  # noqa: T201 - as above
    print(table(found))  # noqa: T201 - as above
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
