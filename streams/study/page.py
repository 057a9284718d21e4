"""The document: what was asked, what came out, where our defaults lose, and what it does not show."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from streams.accuracy.definition import RED
from streams.accuracy.report import figures
from streams.study import tables, words
from streams.study.choice import pooled, ratio
from streams.study.plots import plots
from streams.study.rules import ANY, CARD, OUR_POINT, OURS, Point

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.accuracy.scoring import Scored
    from streams.study.running import Results
    from streams.study.study import Study

FOLDER: Final = "accuracy"
"""Where the plots lie beside the document."""
LISTED: Final = 12
"""Points that beat ours shown at most."""


def document(study: Study, command: str) -> dict[str, bytes]:
    """Return the document and its plots, by file name in the folder they go to."""
    rules = study.rules(study.chosen_on)
    drawn = {name: _flat(cities) for name, cities in rules.items()}
    shown = plots(lambda point: pooled(study.chosen_on, point), study.choice.ratios, drawn)
    parts = [
        words.HEAD.format(command=command, cities=_cities(study)),
        words.DEFINITIONS,
        _ours(rules[OURS.name]),
        _others(rules),
        _grid(study),
        _proposals(study),
        _abroad(study),
        words.LIMITS,
    ]
    found = {"accuracy.md": (_paragraphs(*parts) + "\n").encode()}
    return found | {f"{FOLDER}/{name}": plot for name, plot in shown.items()}


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part.strip() for part in parts if part)


def _cities(study: Study) -> str:
    made = [one.made for one in study.chosen_on]
    seeds = ", ".join(str(one.seed) for one in made)
    checks = ", ".join(str(one.made.seed) for one in study.checked_on)
    text = f"{made[0].phones} phones for {made[0].days} days in each city; seeds {seeds} to choose on"
    return f"{text}, {checks} to check" if checks else text


def _ours(cities: list[list[Scored]]) -> str:
    return _paragraphs(
        words.OURS,
        tables.by_stratum(cities),
        words.HOURS,
        tables.of_hours(_flat(cities)),
        words.CAUSES,
        tables.of_causes({OURS.name: cities}),
    )


def _others(rules: dict[str, list[list[Scored]]]) -> str:
    ours, card, any_ = (figures(_flat(rules[rule.name]), RED) for rule in (OURS, CARD, ANY))
    return _paragraphs(
        words.OTHERS,
        tables.of_rules(rules),
        words.AGAINST_CARD.format(
            false=ours.said - ours.right,
            missed=ours.true - ours.found,
            card_false=card.said - card.right,
            card_missed=card.true - card.found,
            any_false=any_.said - any_.right,
            any_missed=any_.true - any_.found,
        ),
        tables.of_causes(rules),
        f"![Hours of false reds by cause]({FOLDER}/causes.svg)",
    )


def _grid(study: Study) -> str:
    choice = study.choice
    best = sorted(choice.better, key=lambda point: (-choice.ratios[point].balance, point))
    around = [point for point in choice.ratios if point.stay == OUR_POINT.stay]

    def grid(point: Point) -> list[Scored]:
        return pooled(study.chosen_on, point)

    return _paragraphs(
        words.GRID,
        f"![Precision and recall of red over stay_minutes]({FOLDER}/red.svg)",
        f"![Precision against recall]({FOLDER}/trade-off.svg)",
        f"![Delay of red over stay_minutes]({FOLDER}/delay.svg)",
        _verdict(study),
        tables.of_grid(choice, grid, [OUR_POINT, *best[:LISTED]]),
        words.AROUND.format(stay=OUR_POINT.stay),
        tables.of_grid(choice, grid, around),
    )


def _verdict(study: Study) -> str:
    """Say whether our defaults lose, by how much, and how much that is beside what seeds differ by."""
    ratios, better = study.choice.ratios, study.choice.better
    if not better:
        return words.HOLDS.format(points=len(ratios))
    ours = ratios[OUR_POINT]
    single = [ratio(one.grid[OUR_POINT]) for one in study.chosen_on]
    precisions, recalls = [one.precision for one in single], [one.recall for one in single]
    return words.LOSES.format(
        better=len(better),
        points=len(ratios),
        precision=ours.precision,
        recall=ours.recall,
        more_precision=max(ratios[point].precision for point in better) - ours.precision,
        more_recall=max(ratios[point].recall for point in better) - ours.recall,
        seeds_precision=max(precisions) - min(precisions),
        seeds_recall=max(recalls) - min(recalls),
    )


def _proposals(study: Study) -> str:
    lines = [
        _proposal(study, point, wanted)
        for point, wanted in study.choice.proposed.items()
        if point != OUR_POINT
    ]
    kept = [wanted for point, wanted in study.choice.proposed.items() if point == OUR_POINT]
    lines += [f"- Our defaults are themselves the point for: {wanted}." for wanted in kept]
    parts = [words.PROPOSALS, "\n".join(lines)]
    if study.checked_on:
        rules = study.rules(study.checked_on)
        kinds = dict(chain.from_iterable(_kinds(one) for one in study.checked_on))
        parts += [
            words.CHECK,
            tables.of_rules(rules),
            words.WHOM,
            tables.of_kinds({name: _flat(cities) for name, cities in rules.items()}, kinds),
        ]
    return _paragraphs(*parts)


def _proposal(study: Study, point: Point, wanted: str) -> str:
    """Return what a proposal trades, where it was chosen and where it is checked."""
    text = f"- **{wanted}**: {point}. Where it was chosen: {_trade(study, study.chosen_on, point)}."
    if not study.checked_on:
        return text
    ours, its = (ratio(_flat(study.rules(study.checked_on)[name])) for name in (OURS.name, str(point)))
    if its.beats(ours):
        verdict = "it beats ours there too"
    elif ours.beats(its):
        verdict = "**ours beat it there**"
    else:
        verdict = "there it trades one for the other"
    return f"{text} On the other seeds: {_trade(study, study.checked_on, point)}; {verdict}."


def _trade(study: Study, cities: Sequence[Results], point: Point) -> str:
    rules = study.rules(cities)
    ours, its = (figures(_flat(rules[name]), RED) for name in (OURS.name, str(point)))
    return (
        f"{its.said - its.right} false red episodes instead of {ours.said - ours.right}, "
        f"{its.true - its.found} stays missed instead of {ours.true - ours.found}, "
        f"precision {its.precision or 0:.3f} instead of {ours.precision or 0:.3f}, "
        f"recall {its.recall or 0:.3f} instead of {ours.recall or 0:.3f}"
    )


def _abroad(study: Study) -> str:
    if study.abroad is None:
        return ""
    rules = study.rules([study.abroad])
    ours = figures(_flat(rules[OURS.name]), RED)
    wrong = words.WRONG_ABROAD.format(said=ours.said, false=ours.said - ours.right)
    return _paragraphs(
        words.ABROAD.format(towers=len(study.abroad.made.towers)),
        tables.by_stratum(rules[OURS.name]),
        tables.of_rules(rules),
        wrong if ours.said > 2 * ours.right else "",
        tables.of_causes(rules),
    )


def _kinds(results: Results) -> list[tuple[bytes, str]]:
    return list(results.made.kinds().items())


def _flat(cities: Sequence[Sequence[Scored]]) -> list[Scored]:
    return list(chain.from_iterable(cities))
