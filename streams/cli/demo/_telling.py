"""A control and what it changed, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from streams.cli.demo._screen import hued
from streams.codecs.times import text
from streams.domain.colours import ORDER, SEVERITY
from streams.domain.hexes import cells_of, core_of
from streams.domain.records import AreaPublished, PolicyPublished

if TYPE_CHECKING:
    from streams.cli.demo._controls import Control, Effect
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Colour


class Telling:
    """Words for controls in the order they entered; knows what stood before each."""

    def __init__(self, first: Policy) -> None:
        self._resolution = first.resolution
        self._thresholds = first.thresholds()
        self._areas: dict[str, AreaVersion] = {}

    def names(self) -> dict[str, str]:
        """Return the areas' names by id."""
        return {name: area.name or name for name, area in self._areas.items()}

    def what(self, record: Control) -> str:
        """Return in words what a control did to what stood before; each must be given once."""
        match record:
            case AreaPublished(area=area):
                before = self._areas.get(area.id)
                self._areas[area.id] = area
                return self._area(before, area)
            case PolicyPublished():
                return self._policy(record)
            case _:
                return f"case {record.exclusion.case!r} version {record.exclusion.version} decided"

    def _area(self, before: AreaVersion | None, area: AreaVersion) -> str:
        head = f"area {area.id!r} version {area.version}"
        if area.withdrawn:
            return f"{head} withdrawn"
        told = f"{area.name or area.id}; {self._size(area)}"
        if before is None:
            return f"{head} published: {told}"
        if before.withdrawn:
            return f"{head} published again: {told}"
        return f"{head} amended: {told}, before it was {self._size(before)}"

    def _size(self, area: AreaVersion) -> str:
        cells = cells_of(area.geometry, self._resolution)
        return f"{len(cells)} cells, {len(core_of(cells, area.fringe_rings))} of them core"

    def _policy(self, record: PolicyPublished) -> str:
        told = [
            f"{name} {self._short(self._thresholds[name])} → {self._short(value)}"
            for name, value in record.thresholds.items()
            if value != self._thresholds[name]
        ]
        self._thresholds |= record.thresholds
        return f"policy version {record.version}: {', '.join(told) or 'nothing is different'}"

    @staticmethod
    def _short(value: object) -> str:
        return "a polygon" if isinstance(value, tuple) else str(value)


def announcement(what: str, clock: int, effect: Effect) -> str:
    """Return the lines that say when a control entered, what it is, and whom it changed, exactly."""
    head = click.style(f"{text(clock)}  ▶ {what}", bold=True)
    return "\n".join((head, *changed(effect)))


def changed(effect: Effect) -> list[str]:
    """Return phones by colour before and after, the harshest first, and the reasons they have now."""
    total = effect.moved.total()
    if not total:
        return ["    nobody's colour changed, nor the reasons behind it"]
    moved = [
        f"    {effect.moved[before, after]:>9,}  {_moved(before, after)}"
        for before in reversed(SEVERITY)
        for after in reversed(SEVERITY)
        if effect.moved[before, after]
    ]
    codes = ", ".join(f"{code} {effect.reasons[code]:,}" for code in ORDER if effect.reasons[code])
    return [f"    {total:,} phones changed:", *moved, f"      because: {codes}"]


def _moved(before: Colour, after: Colour) -> str:
    return f"{hued(before)}, for other reasons" if before == after else f"{hued(before)} → {hued(after)}"
