"""What would change if areas or a policy entered now: a fold is asked and stays as it is (rules 6.4, 6.5)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from streams.domain import colours
from streams.domain.areas import refusal
from streams.domain.diary import Diary
from streams.domain.policy import merged
from streams.domain.rules import Rules
from streams.domain.slots import slot_of
from streams.domain.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from streams.domain.colours import Assessment, ReasonKey
    from streams.domain.fold import Fold, Phone
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Colour


@dataclass(frozen=True, slots=True)
class Proposed:
    """Area versions and a policy to enter together; without a policy the one in force stays."""

    areas: Mapping[str, AreaVersion]
    policy: Policy | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A phone that would get an event, with its colour and reasons after it."""

    phone: bytes
    before: Colour
    after: Colour
    keys: frozenset[ReasonKey]


def preview(fold: Fold, proposed: Proposed) -> Iterator[Change]:
    """Yield a change of each phone that would get an event if this entered at the fold's clock (rule 6.1).

    A version that is not higher than what stands is left out, as the fold would ignore it.
    """
    if fold.clock is None:
        return
    rules, concerned = _rules(fold, proposed)
    now = slot_of(fold.clock, rules.policy.slot_minutes)
    for name in concerned:
        phone = fold.phones[name]
        found = _judged(fold, rules, name, phone, now)
        if found.keys != phone.keys:
            yield Change(name, phone.colour or colours.NO_SIGNAL.colour, found.colour, found.keys)


def counted(changes: Iterable[Change]) -> Counter[tuple[Colour, Colour]]:
    """Count phones by colour before and after."""
    return Counter((change.before, change.after) for change in changes)


def _rules(fold: Fold, proposed: Proposed) -> tuple[Rules, list[bytes]]:
    """Return the rules that would be in force, and the phones that they may judge otherwise."""
    old, versions = fold.rules, dict(fold.versions)
    policy = old.policy
    if proposed.policy is not None and proposed.policy.version > policy.version:
        policy = merged(policy, proposed.policy.version, proposed.policy.thresholds(), fold.deployment)
    entering = [area for area in proposed.areas.values() if _enters(area, versions, policy.resolution)]
    versions |= {area.id: area for area in entering}
    rules = Rules.of(policy, versions.values(), fold.deployment)
    if policy is not old.policy:
        return rules, [name for name, phone in fold.phones.items() if phone.diary.marks]
    touched = [
        areas[area.id].cells for area in entering for areas in (old.areas, rules.areas) if area.id in areas
    ]
    cells = frozenset[int]().union(*touched)
    return rules, [n for n, phone in fold.phones.items() if not cells.isdisjoint(phone.diary.last_seen)]


def _enters(area: AreaVersion, versions: Mapping[str, AreaVersion], resolution: int) -> bool:
    known = versions.get(area.id)
    return (known is None or area.version > known.version) and refusal(area, resolution) is None


def _judged(fold: Fold, rules: Rules, name: bytes, phone: Phone, now: int) -> Assessment:
    """Judge a phone by other rules than the fold's; what it has seen is shared, what follows is not."""
    diary = Diary()
    diary.marks, diary.last_seen = phone.diary.marks, phone.diary.last_seen
    diary.measure(rules.reach_m)
    standing = Standing()
    standing.refresh(rules, fold.cases, name, diary)
    return colours.assess(rules, standing, now)
