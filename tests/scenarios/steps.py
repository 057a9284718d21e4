"""The steps of a scenario (README.md): each is one journal record, or what a door makes of what arrives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.domain.records import (
    AreaPublished,
    AreaVersion,
    Excluded,
    Exclusion,
    PolicyPublished,
    Record,
    Sightings,
    TimeAdvanced,
)
from streams.domain.towers import Tower
from tests.scenarios import notation, places
from tests.scenarios.places import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.domain.policy import Policy

_NEEDED: Final = object()


@dataclass
class Keys:
    """The keys of one row: each may be taken, and none may be left over."""

    left: dict[str, Any]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Keys:
        if not isinstance(row, dict):
            raise UnreadableError(f"expected keys and values, found {row!r}")
        return cls(dict(row))

    def take(self, key: str, default: Any = _NEEDED) -> Any:
        if default is _NEEDED and key not in self.left:
            raise UnreadableError(f"expected {key!r}, found only {list(self.left)}")
        return self.left.pop(key, default)

    def time(self, key: str, default: Any = _NEEDED) -> Any:
        value = self.take(key, default)
        return notation.seconds(value) if isinstance(value, str) else value

    def done(self) -> None:
        if self.left:
            raise UnreadableError(f"nobody knows the keys {list(self.left)}")


def area(keys: Keys) -> AreaVersion:
    """Read an area: A and B have their shapes from the notation, and stand from the beginning of time."""
    name, withdrawn = keys.take("area"), keys.take("withdrawn", default=False)
    shape = keys.take("shape", places.AREAS.get(name))
    if shape is None and not withdrawn:
        raise UnreadableError(f"expected a shape of area {name!r}")
    return AreaVersion(
        id=name,
        version=keys.take("version", 1),
        geometry=() if withdrawn else places.geometry(shape),
        from_=keys.time("from", 0),
        until=keys.time("until", None),
        fringe_rings=keys.take("fringe", 1),
        withdrawn=withdrawn,
    )


def tower(keys: Keys) -> Tower:
    """Read a tower: degrees, and its range in metres."""
    inside = Keys.of(keys.take("tower"))
    found = Tower("1-1-1-1", inside.take("longitude"), inside.take("latitude"), inside.take("range"))
    inside.done()
    return found


def record(keys: Keys, policy: Policy) -> Record:
    """Read a step that is a journal record. A control without `at` carries no time, as live ones do."""
    kind = next((kind for kind in _KINDS if kind in keys.left), None)
    if kind is None:
        raise UnreadableError(f"expected a step, found {keys.left}")
    return _KINDS[kind](keys, policy)


def _seen(keys: Keys, policy: Policy) -> Record:
    rows = keys.take("seen")
    texts = [rows] if isinstance(rows, str) else rows
    seen = [one for text in texts for one in notation.sightings(text, policy)]
    return Sightings(
        clock=keys.time("clock", max(one.second for one in seen)),
        phones=[one.phone for one in seen],
        hexes=[one.cell for one in seen],
        slots=[one.second // (60 * policy.slot_minutes) for one in seen],
        coarse=[one.coarse for one in seen],
    )


def _time(keys: Keys, policy: Policy) -> Record:
    del policy
    return TimeAdvanced(keys.time("time"))


def _area(keys: Keys, policy: Policy) -> Record:
    del policy
    return AreaPublished(keys.time("at", 0), area(keys))


def _policy(keys: Keys, policy: Policy) -> Record:
    del policy
    named = notation.thresholds(keys.take("policy"))
    return PolicyPublished(keys.time("at", 0), keys.take("version", 1), named)


def _strike(keys: Keys, policy: Policy) -> Record:
    """Read a decided case; its own time is `at`, and the record's clock too unless `clock` says otherwise."""
    del policy
    case, at = keys.take("strike"), keys.time("at")
    withdrawn = keys.take("withdrawn", default=False)
    phone, place = keys.take("phone", None), keys.take("place", None)
    until = keys.take("until", "open")
    exclusion = Exclusion(
        case=case,
        version=keys.take("version", 1),
        phone=None if phone is None else notation.phone(phone),
        hex=None if place is None else places.cell(place),
        at=at,
        from_=keys.time("from", None),
        until=None if until == "open" else notation.seconds(until),
        withdrawn=withdrawn,
    )
    return Excluded(keys.time("clock", at), exclusion)


_KINDS: Final[dict[str, Callable[[Keys, Policy], Record]]] = {
    "seen": _seen,
    "time": _time,
    "area": _area,
    "policy": _policy,
    "strike": _strike,
}
