"""Histories from seeds: `python -m tests.simulation 1000`, or `500..900`; a failing one with its steps."""

from __future__ import annotations

import logging
import sys

from tests.simulation.history import Result, run

TOLD = 500


def seeds(text: str) -> range:
    """Return the seeds that a word names: a count, or a range `a..b` that includes both."""
    first, dots, last = text.partition("..")
    return range(int(first), int(last) + 1) if dots else range(int(first))


def failing(seeds: range, *, reference: bool = True) -> Result | None:
    """Run histories until one shows a problem."""
    for seed in seeds:
        result = run(seed, reference=reference)
        if result.problems:
            return result
    return None


def main(words: list[str]) -> int:
    """Run the seeds named on the command line; 1 where one of them shows a problem."""
    logging.disable()
    wanted = [word for word in words if word != "--window"]
    reference = "--window" not in words
    chosen = seeds(wanted[0] if wanted else "1000")
    result = failing(chosen, reference=reference)
    if result is None:
        print(f"{len(chosen)} histories: nothing lost, doubled or out of order")  # noqa: T201 - a command
        return 0
    print("\n".join(result.lines[-TOLD:]))  # noqa: T201 - as above
    for problem in result.problems:
        print(f"seed {result.seed}: {problem}")  # noqa: T201 - as above
    print(f"again: make simulate-faults SEEDS={result.seed}..{result.seed}")  # noqa: T201 - as above
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
