"""The plots of the document as SVG, alike byte for byte on every run."""

from __future__ import annotations

import math
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from streams.accuracy.causes import CAUSES
from streams.accuracy.definition import RED
from streams.accuracy.report import false_reds, figures
from streams.study.rules import ANY, FRINGES, OUR_POINT, RINGS, STAYS, Point

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from streams.accuracy.scoring import Scored
    from streams.study.choice import Ratio

    Grid = Callable[[Point], Sequence[Scored]]

STYLE: Final[Any] = {
    "svg.hashsalt": "shendeng",
    "svg.fonttype": "none",
    "font.size": 9,
    "font.family": "sans-serif",
}
COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#666666")
"""Okabe and Ito's, told apart by the colour-blind too."""


def plots(
    grid: Grid, ratios: Mapping[Point, Ratio], rules: Mapping[str, Sequence[Scored]]
) -> dict[str, bytes]:
    """Return each plot's file name and bytes; any sighting at all is left out of the causes."""
    with mpl.rc_context(STYLE):
        return {
            "red.svg": _red(ratios),
            "trade-off.svg": _trade_off(ratios),
            "delay.svg": _delay(grid),
            "causes.svg": _causes({name: of for name, of in rules.items() if name != ANY.name}),
        }


def _red(ratios: Mapping[Point, Ratio]) -> bytes:
    figure = Figure(figsize=(9.5, 3.6), layout="constrained")
    panels = figure.subplots(1, len(FRINGES), sharey=True)
    for panel, fringe in zip(panels, FRINGES, strict=True):
        for rings, colour in zip(RINGS, COLOURS, strict=False):
            found = [ratios[Point(stay, fringe, rings)] for stay in STAYS]
            panel.plot(STAYS, [one.precision for one in found], color=colour, marker="o", markersize=3)
            panel.plot(
                STAYS, [one.recall for one in found], color=colour, linestyle="--", marker="s", markersize=3
            )
        panel.axvline(OUR_POINT.stay, color="#bbbbbb", linewidth=0.8, zorder=0)
        panel.set_title(f"fringe_rings {fringe}")
        panel.set_xlabel("stay_minutes")
        panel.set_xticks(STAYS)
        panel.grid(color="#eeeeee")
    panels[0].set_ylabel("share of hours")
    lines = [
        Line2D([], [], color=colour, label=f"pingpong_rings {n}")
        for n, colour in zip(RINGS, COLOURS, strict=False)
    ]
    lines += [
        Line2D([], [], color="black", label="precision"),
        Line2D([], [], color="black", linestyle="--", label="recall"),
    ]
    figure.legend(handles=lines, loc="outside lower center", ncols=len(lines), frameon=False)
    return _svg(figure)


def _trade_off(ratios: Mapping[Point, Ratio]) -> bytes:
    figure = Figure(figsize=(6.5, 4.4), layout="constrained")
    panel = figure.subplots()
    for fringe, marker in zip(FRINGES, "osD", strict=True):
        for rings, colour in zip(RINGS, COLOURS, strict=False):
            found = [ratios[Point(stay, fringe, rings)] for stay in STAYS]
            panel.plot(
                [one.recall for one in found],
                [one.precision for one in found],
                color=colour,
                marker=marker,
                markersize=4,
                linewidth=0.6,
                label=f"fringe {fringe}, ping-pong {rings}",
            )
    ours = ratios[OUR_POINT]
    panel.plot(
        ours.recall,
        ours.precision,
        color="black",
        marker="*",
        markersize=13,
        linestyle="",
        label="our defaults",
    )
    panel.set_xlabel("recall of red (further left more are missed)")
    panel.set_ylabel("precision of red (further down more are accused)")
    panel.grid(color="#eeeeee")
    figure.legend(loc="outside right upper", frameon=False)
    return _svg(figure)


def _delay(grid: Grid) -> bytes:
    figure = Figure(figsize=(6.5, 3.6), layout="constrained")
    panel = figure.subplots()
    for fringe, colour in zip(FRINGES, COLOURS, strict=False):
        found = [figures(grid(Point(stay, fringe, OUR_POINT.rings)), RED) for stay in STAYS]
        panel.plot(
            STAYS,
            [_or_nothing(one.delay) for one in found],
            color=colour,
            marker="o",
            markersize=3,
            label=f"fringe_rings {fringe}",
        )
        panel.plot(
            STAYS,
            [_or_nothing(one.delay_90) for one in found],
            color=colour,
            linestyle=":",
            marker="s",
            markersize=3,
        )
    panel.plot([], [], color="black", label="median")
    panel.plot([], [], color="black", linestyle=":", label="90 % are under")
    panel.axvline(OUR_POINT.stay, color="#bbbbbb", linewidth=0.8, zorder=0)
    panel.set_xticks(STAYS)
    panel.set_xlabel(f"stay_minutes (pingpong_rings {OUR_POINT.rings})")
    # Negative is early; median and tail are hours and days.
    panel.set_yscale("symlog", linthresh=10)
    panel.set_ylabel("hours from truly red to said red")
    panel.grid(color="#eeeeee")
    figure.legend(loc="outside right upper", frameon=False)
    return _svg(figure)


def _causes(rules: Mapping[str, Sequence[Scored]]) -> bytes:
    figure = Figure(figsize=(8.5, 0.8 + 0.42 * len(rules)), layout="constrained")
    panel = figure.subplots()
    names = list(rules)[::-1]
    found = {name: false_reds(rules[name]) for name in names}
    left = [0.0] * len(names)
    for cause, colour in zip(CAUSES, COLOURS, strict=True):
        hours = [found[name][cause].hours if cause in found[name] else 0.0 for name in names]
        if any(hours):
            panel.barh(names, hours, left=left, color=colour, label=cause)
        left = [one + other for one, other in zip(left, hours, strict=True)]
    panel.set_xlabel("hours falsely red")
    if panel.get_legend_handles_labels()[0]:
        figure.legend(loc="outside right upper", frameon=False)
    return _svg(figure)


def _or_nothing(value: float | None) -> float:
    return math.nan if value is None else value


def _svg(figure: Figure) -> bytes:
    out = BytesIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return b"\n".join(line.rstrip() for line in out.getvalue().splitlines()) + b"\n"
