"""Tables of the document, in Markdown."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from streams.accuracy.definition import COLOURS, HOUR, JUDGED, RED, UNKNOWN, YELLOW
from streams.accuracy.report import GROUPS, Figures, false_reds, figures, of_group, seconds, share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from streams.accuracy.scoring import Scored
    from streams.study.choice import Choice
    from streams.study.rules import Point

    Cities = Sequence[Sequence[Scored]]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its first column is text, the others numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def by_stratum(cities: Cities) -> str:
    """Return how often each colour is right by where people live."""
    head = [
        "colour",
        "lives in",
        "precision",
        "recall",
        "episodes found",
        "episodes right",
        "delay h",
        "90 % under h",
    ]
    rows = []
    for colour in JUDGED:
        for group in GROUPS:
            parts = [figures(of_group(city, group), colour) for city in cities]
            found = figures(of_group(_all(cities), group), colour)
            rows.append(
                [
                    COLOURS[colour],
                    group,
                    _ranged(found.precision, [part.precision for part in parts]),
                    _ranged(found.recall, [part.recall for part in parts]),
                    f"{found.found} of {found.true}",
                    f"{found.right} of {found.said}",
                    _hours(found.delay),
                    _hours(found.delay_90),
                ]
            )
    return table(head, rows)


def of_hours(scored: Sequence[Scored]) -> str:
    """Return the hours of phones' time by true and said colour."""
    hours = seconds(scored) / HOUR
    order = (*JUDGED, UNKNOWN)
    rows = [
        [f"truly {COLOURS[true]}", *(f"{hours[true, said]:,.0f}" for said in order)]
        for true in order
        if hours[true].any()
    ]
    return table(["hours", *(f"said {COLOURS[said]}" for said in order)], rows)


def of_rules(rules: Mapping[str, Cities]) -> str:
    """Return rules side by side."""
    head = [
        "rule",
        *("red precision", "red recall", "false red episodes", "missed stays", "red delay h"),
        *("yellow precision", "yellow recall", "red or yellow precision", "red or yellow recall"),
    ]
    rows = []
    for name, cities in rules.items():
        red, yellow = (figures(_all(cities), colour) for colour in (RED, YELLOW))
        parts = [figures(city, RED) for city in cities]
        rows.append(
            [
                name,
                _ranged(red.precision, [part.precision for part in parts]),
                _ranged(red.recall, [part.recall for part in parts]),
                str(red.said - red.right),
                missed(red),
                _hours(red.delay),
                _part(yellow.precision),
                _part(yellow.recall),
                *map(_part, _touched(_all(cities))),
            ]
        )
    return table(head, rows)


def missed(found: Figures) -> str:
    """Return how many true episodes were never said."""
    return f"{found.true - found.found} of {found.true}"


def of_causes(rules: Mapping[str, Cities]) -> str:
    """Return false reds by cause: times and hours."""
    found = {name: false_reds(_all(cities)) for name, cities in rules.items()}
    causes = list(dict.fromkeys(chain.from_iterable(found.values())))
    rows = [
        [name, *(f"{of[c].times} ({of[c].hours:,.0f} h)" if c in of else "0" for c in causes)]
        for name, of in found.items()
    ]
    return table(["rule", *causes], rows)


def of_grid(choice: Choice, grid: Callable[[Point], Sequence[Scored]], points: Iterable[Point]) -> str:
    """Return some points of the grid."""
    rows = []
    for point in points:
        found = figures(grid(point), RED)
        rows.append(
            [
                str(point),
                _part(choice.ratios[point].precision),
                _part(choice.ratios[point].recall),
                str(found.said - found.right),
                missed(found),
                _hours(found.delay),
            ]
        )
    return table(["point", "precision", "recall", "false red episodes", "missed stays", "delay h"], rows)


def of_kinds(rules: Mapping[str, Sequence[Scored]], kinds: Mapping[bytes, str]) -> str:
    """Return, of each kind of people, whom a rule accuses falsely and whom it misses."""
    names = list(dict.fromkeys(kinds.values()))
    rows = []
    for kind in sorted(names):
        cells = []
        for scored in rules.values():
            of_kind = [one for one in scored if kinds[one.phone] == kind]
            accused = sum(any(e.colour == RED and not e.met for e in one.said) for one in of_kind)
            overlooked = sum(any(e.colour == RED and not e.met for e in one.true) for one in of_kind)
            cells.append(f"{accused} / {overlooked}")
        rows.append([kind, str(sum(found == kind for found in kinds.values())), *cells])
    return table(["kind", "people", *rules], rows)


def _all(cities: Cities) -> list[Scored]:
    return list(chain.from_iterable(cities))


def _touched(scored: Sequence[Scored]) -> tuple[float | None, float | None]:
    """Return precision and recall of red and yellow taken as one: was there at all."""
    found, both = seconds(scored), [RED, YELLOW]
    right = found[both][:, both].sum()
    return share(right, found[:, both].sum()), share(right, found[both].sum())


def _ranged(value: float | None, parts: Sequence[float | None]) -> str:
    """Return a share with its range over the cities."""
    known = [part for part in parts if part is not None]
    if value is None or len(known) < 2:  # noqa: PLR2004 - no range of one
        return _part(value)
    return f"{value:.3f} ({min(known):.2f}-{max(known):.2f})"


def _part(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _hours(value: float | None) -> str:
    return "-" if value is None else f"{round(value, 1) + 0.0:.1f}"
