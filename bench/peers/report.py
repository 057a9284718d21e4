"""What a contest found, as JSON and as Markdown: medians, their spread, and who was in the way."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from bench.peers.contenders import CONTENDERS
from streams.kafka.jvm import VERSION, find_java

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bench.peers.contenders import Contender

OURS: Final = "ours-single"
TWO_OF_OURS: Final = "ours-single-2-workers"
MICRO: Final = 1_000_000
MEGA: Final = 1_000_000
COLUMNS: Final = (
    *("name", "version", "promise", "runs", "k events/s min / median / max", "second half"),
    *("CPU µs an event", "with start and end", "the broker's", "peak MB", "others' CPU %"),
    *("outputs", "right", "one worker of ours is", "two are"),
)


def made(
    runs: Sequence[Mapping[str, Any]], latencies: Sequence[Mapping[str, Any]], missing: Mapping[str, str]
) -> dict[str, Any]:
    """Return a contest's report; a run has its contender's name, its round and what was measured."""
    results = [
        _result(one, several)
        for one in CONTENDERS
        if (several := [run for run in runs if run["contender"] == one.name])
    ]
    for result in results:
        result["ours_is_times"] = _times(runs, OURS, result["name"])
        result["two_of_ours_are_times"] = _times(runs, TWO_OF_OURS, result["name"])
    return {
        "machine": machine(),
        "versions": {one.name: one.version for one in CONTENDERS if one.tool}
        | {"broker": f"kafka {VERSION}", "shendeng": version("shendeng")},
        "results": results,
        "latency": _latencies(latencies),
        "missing": dict(missing),
    }


def machine() -> str:
    """Return what the contest ran on."""
    cpus, memory = Path("/proc/cpuinfo"), Path("/proc/meminfo")
    model = next((x.split(":")[1].strip() for x in _lines(cpus) if x.startswith("model name")), "")
    size = next((int(x.split()[1]) for x in _lines(memory) if x.startswith("MemTotal")), 0)
    python = platform.python_version()
    cores = f"{os.cpu_count()} cores {model or platform.machine()}".strip()
    return f"{cores}, {size / 2**20:.0f} GiB, Python {python}, {find_java(os.environ).source}"


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _result(contender: Contender, runs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rates = [run["events"] / run["seconds"] for run in runs]
    return {
        "name": contender.name,
        "promise": contender.promise,
        "version": contender.version,
        "events": runs[0]["events"],
        "events_per_s": median(rates),
        "runs": rates,
        "second_half_per_s": median(run["events"] / 2 / run["second_half"] for run in runs),
        "cpu_us_per_event": _each(runs, "cpu"),
        "cpu_us_per_event_whole": _each(runs, "cpu_whole"),
        "broker_cpu_us_per_event": _each(runs, "broker_cpu"),
        "peak_bytes": max(run["peak_bytes"] for run in runs),
        "others_cpu_percent": [run["others_percent"] for run in runs],
        "outputs": runs[0].get("outputs"),
        "right": all(run["right"] for run in runs) if contender.emits else None,
    }


def _times(runs: Sequence[Mapping[str, Any]], ours: str, name: str) -> float | None:
    """Return the median over rounds of how many times as fast as another ours was; None if never beside it.

    Within a round, since whatever else the machine does changes from one to the next.
    """
    rates = {(run["contender"], run["round"]): run["events"] / run["seconds"] for run in runs}
    found = [
        rates[ours, at] / rate
        for (contender, at), rate in rates.items()
        if contender == name and (ours, at) in rates
    ]
    return median(found) if found else None


def _each(runs: Sequence[Mapping[str, Any]], what: str) -> float:
    return float(median(run[what] / run["events"] * MICRO for run in runs))


def _latencies(found: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    kinds = sorted({(one["contender"], one["rate"]) for one in found})
    return [
        {
            "name": name,
            "rate": rate,
            "runs": [[one["p50_ms"], one["p99_ms"]] for one in some],
            "p50_ms": median(one["p50_ms"] for one in some),
            "p99_ms": median(one["p99_ms"] for one in some),
        }
        for name, rate in kinds
        if (some := [one for one in found if (one["contender"], one["rate"]) == (name, rate)])
    ]


def markdown(report: Mapping[str, Any]) -> str:
    """Return the report as a page."""
    lines = [
        "# Ours and others on the same work",
        "",
        "Made by `make bench-peers`; how, says [bench/peers/README.md](/bench/peers/README.md).",
        "",
        report["machine"] + ".",
        "",
        "| " + " | ".join(COLUMNS) + " |",
        "|---" * len(COLUMNS) + "|",
        *[_row(one) for one in sorted(report["results"], key=lambda one: -one["events_per_s"])],
        "",
        "![Throughput](throughput.svg)",
    ]
    if report["latency"]:
        lines += [
            "",
            "| produced to visible | at events/s | runs | p50 ms | p99 ms |",
            "|---|---|---|---|---|",
            *[
                f"| {one['name']} | {one['rate']:,} | {len(one['runs'])} | {one['p50_ms']:.0f} "
                f"| {one['p99_ms']:.0f} |"
                for one in report["latency"]
            ],
            "",
            "![Latency](latency.svg)",
        ]
    if report["missing"]:
        lines += ["", "Not measured:", ""]
        lines += [f"- **{name}**: {why}" for name, why in report["missing"].items()]
    return "\n".join(lines) + "\n"


def _row(one: Mapping[str, Any]) -> str:
    rates = " / ".join(
        f"{rate / 1000:.1f}" for rate in (min(one["runs"]), one["events_per_s"], max(one["runs"]))
    )
    times = [one[key] for key in ("ours_is_times", "two_of_ours_are_times")]
    cells = [
        *(one["name"], one["version"], one["promise"], f"{len(one['runs'])} x {one['events']:,}", rates),
        f"{one['second_half_per_s'] / 1000:.1f}",
        *(
            f"{one[key]:.2f}"
            for key in ("cpu_us_per_event", "cpu_us_per_event_whole", "broker_cpu_us_per_event")
        ),
        f"{one['peak_bytes'] / MEGA:.0f}",
        " / ".join(f"{share:.0f}" for share in one["others_cpu_percent"]),
        "-" if one["outputs"] is None else f"{one['outputs']:,}",
        {None: "-", True: "yes", False: "**NO**"}[one["right"]],
        *("-" if ratio is None else f"{ratio:.2f} x" for ratio in times),
    ]
    return "| " + " | ".join(cells) + " |"
