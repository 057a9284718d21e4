"""What was measured, by the names of the interfaces, as a table and as JSON."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from statistics import median
from typing import Any, Final

PACKAGES: Final = ("shendeng", "faust-streaming", "aiokafka", "fastavro", "h3", "numba", "numpy")
MILLION: Final = 1_000_000


class Tally:
    """Figures by name, a run each."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[str, list[float]]] = {}

    def add(self, name: str, value: float, unit: str) -> None:
        """Note a run's figure."""
        self._found.setdefault(name, (unit, []))[1].append(value)

    def table(self) -> str:
        """Return a line a figure: its median, and the range of its runs."""
        return "\n".join(
            f"{name:<32}{median(runs):>14,.{_digits(runs)}f} {unit:<4} "
            f"{min(runs):,.{_digits(runs)}f} to {max(runs):,.{_digits(runs)}f}"
            for name, (unit, runs) in self._found.items()
        )

    def report(self) -> dict[str, Any]:
        """Return what `--json` writes."""
        return {
            "machine": machine(),
            "versions": {name: version(name) for name in PACKAGES},
            "results": [
                {"name": name, "value": median(runs), "unit": unit, "runs": runs}
                for name, (unit, runs) in self._found.items()
            ],
        }


def machine() -> str:
    """Return what the bench ran on."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def of(phones: int) -> str:
    """Return how a name says so many phones: a million as `1m`."""
    return f"{phones // MILLION}m" if phones and phones % MILLION == 0 else str(phones)


def _digits(runs: list[float]) -> int:
    return 0 if min(runs) >= 1000 else 2  # noqa: PLR2004 - whole figures read better
