"""A worker whose clock can be stepped: seconds ahead stand in the file that CHAOS_CLOCK names."""

from __future__ import annotations

import os
from pathlib import Path

from streams import clock
from streams.__main__ import main


def step(file: Path) -> None:
    """Put the file's seconds on top of what the machine's clock says, from the next time it is asked on."""
    real = clock.now_precise

    def now_precise() -> float:
        return real() + float(file.read_text() if file.exists() else 0)

    clock.now_precise = now_precise
    clock.now = lambda: int(now_precise())


if __name__ == "__main__":
    step(Path(os.environ["CHAOS_CLOCK"]))
    main()
