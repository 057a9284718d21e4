"""The statistics of a feed as a person reads them and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.feed.delays import BOUNDS
from streams.feed.statistics import HOUR_MS, MILLISECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.feed.statistics import Feed

TOP: Final = 10
BAR: Final = 40
"""Characters of the longest bar of the histogram."""
UNITS: Final = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def as_json(feed: Feed, text: Callable[[int], str]) -> dict[str, Any]:
    """Return the whole report; `text` writes a time."""
    return {
        "records": feed.records,
        "sightings": feed.sightings,
        "first_arrival": None if feed.first_ms is None else text(feed.first_ms // MILLISECONDS),
        "last_arrival": None if feed.first_ms is None else text(feed.last_ms // MILLISECONDS),
        "per_second": round(feed.per_second(), 3),
        "by_hour": {text(hour * HOUR_MS // MILLISECONDS): n for hour, n in sorted(feed.by_hour.items())},
        "unreadable": dict(sorted(feed.unreadable.items())),
        "dead_letters": dict(sorted(feed.letters.items())),
        "delays": [{"at_most_s": bound, "sightings": count} for bound, count in feed.delays.rows()],
        "unknown_towers": {
            "sightings": feed.unknown_total,
            "no_tower_id": feed.nameless,
            "exact": feed.unknown.exact,
            "top": [{"cell": cell, "sightings": count} for cell, count in feed.unknown.items()[:TOP]],
        },
        "repeated": feed.repeated,
        "disordered": {
            "sightings": feed.disordered,
            "furthest_back_s": feed.furthest_back_ms // MILLISECONDS,
        },
        "clock_errors": {
            "future": feed.future,
            "furthest_ahead_s": feed.furthest_ahead_ms // MILLISECONDS,
            "before_1970": feed.before_1970,
        },
        "jumps": feed.jumps.jumps,
        "probably_misplaced": [
            {"cell": one.cell, "jumps": one.jumps, "moves": one.moves, "km": round(one.km, 1)}
            for one in feed.jumps.misplaced()
        ],
    }


def as_text(feed: Feed, text: Callable[[int], str]) -> str:
    """Return the report as lines."""
    return "\n".join(_lines(as_json(feed, text)))


def _lines(told: dict[str, Any]) -> Iterator[str]:
    count = told["sightings"]
    yield f"{count} sightings in {told['records']} records, {_rate(told['per_second'])}/s"
    if told["first_arrival"] is not None:
        yield f"arrived from {told['first_arrival']} to {told['last_arrival']}"
        hour, most = max(told["by_hour"].items(), key=lambda item: (item[1], item[0]), default=("", 0))
        if hour:
            yield f"busiest hour: {hour}, {most} sightings"
    yield "delay from being seen to arriving:"
    yield from _histogram([row["sightings"] for row in told["delays"]])
    yield f"repeated: at least {_share(told['repeated'], count)}"
    back = told["disordered"]
    yield f"out of order: {_share(back['sightings'], count)}, at most {length(back['furthest_back_s'])} back"
    clock = told["clock_errors"]
    ahead = length(clock["furthest_ahead_s"])
    yield f"clock errors: {_share(clock['future'], count)} ahead of their arrival, at most {ahead}"
    if clock["before_1970"]:
        yield f"              {clock['before_1970']} before 1970"
    yield from _towers(told, count)
    yield f"unreadable records: {_counts(told['unreadable'])}"
    yield f"dead letters: {_counts(told['dead_letters'])}"


def _towers(told: dict[str, Any], count: int) -> Iterator[str]:
    unknown = told["unknown_towers"]
    about = "" if unknown["exact"] else " (the counts of single towers are lower bounds)"
    yield f"unknown towers: {_share(unknown['sightings'], count)}{about}"
    for row in unknown["top"]:
        yield f"  {row['cell']:<24}{row['sightings']}"
    if unknown["no_tower_id"]:
        yield f"no tower's id: {_share(unknown['no_tower_id'], count)}"
    yield f"impossible jumps: {told['jumps']}"
    for row in told["probably_misplaced"]:
        where = f"about {row['km']:.0f} km from where its phones are"
        yield f"  {row['cell']:<24}probably misplaced, {where} ({row['jumps']} of {row['moves']} moves)"


def _histogram(counts: list[int]) -> Iterator[str]:
    names = [f"up to {length(bound)}" for bound in BOUNDS] + [f"over {length(BOUNDS[-1])}"]
    names[0] = "none, or ahead"
    for name, count in zip(names, counts, strict=True):
        yield f"  {name:<16}{count:>10} {'█' * -(-BAR * count // (max(counts) or 1))}".rstrip()


def length(seconds: int) -> str:
    """Return a length of time in its two largest units."""
    parts = []
    for size, unit in UNITS:
        if seconds >= size:
            parts.append(f"{seconds // size} {unit}")
            seconds %= size
    return " ".join(parts[:2]) or "0 s"


def _rate(per_second: float) -> str:
    return f"{per_second:.0f}" if per_second >= 10 else f"{per_second:.2g}"  # noqa: PLR2004 - two digits


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.2%})" if whole else "0"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "none"
