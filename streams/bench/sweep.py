"""What throughput depends on: phones, the share of them that an area touches, partitions."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import matplotlib as mpl
from matplotlib.figure import Figure

from streams.bench.diaries import Diaries
from streams.bench.windows import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STYLE: Final[Any] = {"svg.hashsalt": "shendeng", "svg.fonttype": "none", "font.size": 9}
COLOUR: Final = "#0072b2"
SHARES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.5)
PARTITIONS: Final = (1, 2, 4, 8)
STEPS: Final = 5
"""Sizes of which each has twice the phones of the one before."""
DAYS: Final = 16
MICRO: Final = 1_000_000


class Sweep(NamedTuple):
    """One dependence: what it is of, and sightings a second at each value."""

    name: str
    axis: str
    points: list[tuple[float, float]]

    @property
    def slowdown(self) -> float:
        """Return how many times slower the last point is than the first."""
        return self.points[0][1] / self.points[-1][1]


def alone(phones: int) -> Iterator[Sweep]:
    """Yield the dependences of a window alone, on one core: up to so many phones."""
    sizes = [phones >> step for step in reversed(range(STEPS))]
    yield Sweep("phones", "phones, a window alone", [(size, _rate(Diaries(size, DAYS))) for size in sizes])
    half = Diaries(phones >> 1, DAYS)
    shares = [(share * 100, _rate(replace(half, touched=share))) for share in SHARES]
    yield Sweep("touched", "% of the phones that an area touches, a window alone", shares)


def workers(phones: int, rate: Callable[[int, int], float], partitions: int) -> Iterator[Sweep]:
    """Yield the dependences of a whole worker, up to so many phones.

    `rate` measures it with so many phones and partitions; `partitions` is how many it usually has.
    """
    sizes = [phones >> step for step in reversed(range(0, STEPS, 2))]
    yield Sweep("worker", "phones, a whole worker", [(size, rate(size, partitions)) for size in sizes])
    points: list[tuple[float, float]] = [(count, rate(sizes[0], count)) for count in PARTITIONS]
    yield Sweep("partitions", f"partitions, a whole worker with {sizes[0]:,} phones", points)


def _rate(diaries: Diaries) -> float:
    return MICRO / filled(diaries).cpu_us


def plots(sweeps: Sequence[Sweep]) -> dict[str, bytes]:
    """Return each plot's file name and bytes."""
    with mpl.rc_context(STYLE):
        return {f"{sweep.name}.svg": _plot(sweep) for sweep in sweeps}


def _plot(sweep: Sweep) -> bytes:
    figure = Figure(figsize=(5.5, 3.2), layout="constrained")
    panel = figure.subplots()
    across, up = zip(*sweep.points, strict=True)
    panel.plot(across, up, color=COLOUR, marker="o", markersize=4)
    panel.set_xlabel(sweep.axis)
    panel.set_ylabel("sightings a second")
    panel.set_ylim(bottom=0)
    out = BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()


def markdown(sweeps: Sequence[Sweep], machine: str) -> str:
    """Return the sweeps as a page."""
    lines = ["# What throughput depends on", "", f"Made by `shendeng bench --sweep`. {machine}.", ""]
    for sweep in sweeps:
        lines += [f"| {sweep.axis} | sightings a second |", "|---|---|"]
        lines += [f"| {at:,.7g} | {rate:,.0f} |" for at, rate in sweep.points]
        lines += [
            "",
            f"Slower at the end by {sweep.slowdown:.2f}.",
            "",
            f"![{sweep.axis}]({sweep.name}.svg)",
            "",
        ]
    return "\n".join(lines)
