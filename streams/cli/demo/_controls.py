"""Areas, policies and decided cases as they enter the journal, and exactly what each changed.

A change names the journal record that caused it, and a control is a record of its own in every partition:
so what it changed are the changes that name its records, no more and no fewer (rules 6.2, 6.5).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from streams.domain.records import AreaPublished, Excluded, PolicyPublished

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.domain.records import Colour, ColourChanged, Record

Control: TypeAlias = "AreaPublished | PolicyPublished | Excluded"
Key: TypeAlias = "tuple[str, str, int]"
"""What kind, whose, which version."""


def key_of(record: Control) -> Key:
    """Return what tells a control from every other."""
    match record:
        case AreaPublished(area=area):
            return "area", area.id, area.version
        case PolicyPublished(version=version):
            return "policy", "", version
        case Excluded(exclusion=exclusion):
            return "case", exclusion.case, exclusion.version


@dataclass(slots=True)
class Effect:
    """What one control changed: phones by colour before and after, and the reasons they have now."""

    moved: Counter[tuple[Colour, Colour]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def take(self, change: ColourChanged) -> None:
        """Count a change."""
        self.moved[change.previous or "unknown", change.colour] += 1
        self.reasons.update(reason.code for reason in change.reasons)

    def add(self, other: Effect) -> None:
        """Count another's changes too."""
        self.moved.update(other.moved)
        self.reasons.update(other.reasons)


@dataclass(slots=True)
class Entered:
    """A control in the journal: its first record's offset in each partition; `told`: to be announced."""

    record: Control
    told: bool
    places: dict[int, int] = field(default_factory=dict)
    handled: bool = False


class Controls:
    """Takes the journal and the changes, in whatever order they come of each other.

    What entered below `since`, a journal offset a partition, is known and is not announced.
    """

    def __init__(self, partitions: int, since: Mapping[int, int]) -> None:
        self._partitions, self._since = partitions, since
        self._entered: dict[Key, Entered] = {}
        self._read: dict[int, int] = dict.fromkeys(range(partitions), 0)
        self._effects: defaultdict[tuple[int, int], Effect] = defaultdict(Effect)
        self._places: set[tuple[int, int]] = set()

    def journal(self, partition: int, offset: int, record: Record) -> None:
        """Take a journal record. A version that came before is ignored, as the fold does."""
        self._read[partition] = offset + 1
        if isinstance(record, AreaPublished | PolicyPublished | Excluded):
            told = offset >= self._since.get(partition, 0)
            entered = self._entered.setdefault(key_of(record), Entered(record, told))
            if entered.places.setdefault(partition, offset) == offset:
                self._places.add((partition, offset))
                return
        self._effects.pop((partition, offset), None)

    def change(self, change: ColourChanged) -> None:
        """Take a change."""
        place = (change.partition, -1 if change.offset is None else change.offset)
        if place in self._places or place[1] >= self._read[change.partition]:
            self._effects[place].take(change)

    def caused(self, change: ColourChanged) -> bool:
        """Say whether a change is known to come of a control."""
        return (change.partition, change.offset) in self._places

    def places(self, keys: Iterable[Key]) -> set[tuple[int, int | None]]:
        """Return partition and offset of these controls' records."""
        return {place for key in keys for place in self._entered[key].places.items()}

    def folded(self, positions: Mapping[int, int]) -> list[Entered]:
        """Return those that every partition has now folded, each once, in the order they entered."""
        found = []
        for entered in self._entered.values():
            whole = len(entered.places) == self._partitions
            if not entered.handled and whole and _below(entered.places, positions):
                entered.handled = True
                found.append(entered)
        return found

    def effect(self, entered: Entered) -> Effect:
        """Return what a control changed, as far as the changes were taken."""
        found = Effect()
        for place in entered.places.items():
            if place in self._effects:
                found.add(self._effects[place])
        return found


def _below(places: Mapping[int, int], positions: Mapping[int, int]) -> bool:
    return all(positions.get(partition, 0) > offset for partition, offset in places.items())
