"""The plots of a contest as SVG."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Mapping

STYLE: Final[Any] = {"svg.hashsalt": "shendeng", "svg.fonttype": "none", "font.size": 9}
OURS: Final = "#d55e00"
THEIRS: Final = "#0072b2"


def plots(report: Mapping[str, Any]) -> dict[str, bytes]:
    """Return each plot's file name and bytes."""
    with mpl.rc_context(STYLE):
        found = {"throughput.svg": _throughput(report)}
        return found | ({"latency.svg": _latency(report)} if report["latency"] else {})


def _throughput(report: Mapping[str, Any]) -> bytes:
    """Draw a bar a contender, the runs as dots; logarithmic, since plain Faust would not be seen."""
    results = sorted(report["results"], key=lambda one: one["events_per_s"])
    figure = Figure(figsize=(8, 0.6 + 0.32 * len(results)), layout="constrained")
    panel = figure.subplots()
    for place, one in enumerate(results):
        colour = OURS if one["name"].startswith("ours") else THEIRS
        panel.barh(place, one["events_per_s"], color=colour, alpha=0.6)
        panel.plot(one["runs"], [place] * len(one["runs"]), "o", color=colour, markersize=3)
    panel.set_yticks(range(len(results)), [f"{one['name']} ({one['promise']})" for one in results])
    panel.set_xscale("log")
    panel.set_xlabel("events a second, median and runs")
    return _svg(figure)


def _latency(report: Mapping[str, Any]) -> bytes:
    figure = Figure(figsize=(7, 3.4), layout="constrained")
    panel = figure.subplots()
    for name in sorted({one["name"] for one in report["latency"]}):
        some = [one for one in report["latency"] if one["name"] == name]
        colour = OURS if name.startswith("ours") else THEIRS
        for key, style in (("p50_ms", "-"), ("p99_ms", "--")):
            label = f"{name} {key.removesuffix('_ms')}"
            rates, delays = [one["rate"] for one in some], [one[key] for one in some]
            panel.plot(rates, delays, style, color=colour, marker="o", markersize=3, label=label)
    panel.set_xlabel("events a second")
    panel.set_ylabel("ms from produced to visible")
    panel.set_ylim(bottom=0)
    panel.legend(frameon=False)
    return _svg(figure)


def _svg(figure: Figure) -> bytes:
    out = BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None})
    return out.getvalue()
