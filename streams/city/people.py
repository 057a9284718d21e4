"""The people: where each lives, works and likes to be, what is particular, how chatty the phone is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from streams.city.columns import Bools, Floats, Ints, Mask
    from streams.city.place import Place

KINDS: Final = {
    "plain": 82,
    "stays": 3,
    "passes": 4,
    "travels": 2,
    "moves_in": 1,
    "calls_by": 1,
    "border": 2,
    "cloned": 1,
    "off": 2,
    "new": 2,
}
"""Kinds of people and their share in percent.

`stays` goes to a key area once for most of a day, `passes` for less than an hour, `travels` goes beyond the
jurisdiction but to no key area. `moves_in` and `calls_by` live in a key area: one moves here for good, the
other comes for two hours. `border` lives just outside a key area. A `cloned` number has a second body far
away. `off` goes silent half-way; `new` is a SIM bought on the last day but one.
"""
NAMES: Final = tuple(KINDS)
WORKERS: Final = 0.7
LIKED: Final = 3
"""Other places somebody goes to."""
FURTHER: Final = 0.15
"""How many of those are as likely anywhere along the roads as near home."""
CHATTY: Final = 0.8
"""How much phones differ in how often they report (sigma of a log-normal)."""
BORDER: Final = (100.0, 700.0)
"""Metres from a key area's edge to who lives at its border."""
DOORSTEP: Final = 40.0
_STEP: Final = 50_000


@dataclass(frozen=True, slots=True)
class People:
    """Everybody, a column a trait. `home_town` and the like are settlements; `kind` is a place in NAMES."""

    phone: Ints
    """16 bytes a row."""
    carrier: Ints
    kind: Ints
    chatty: Floats
    works: Bools
    day: Ints
    """Of whatever happens to this person once."""
    market: Ints
    home: Floats
    home_town: Ints
    work: Floats
    work_town: Ints
    liked: Floats
    liked_town: Ints
    inside: Floats
    """A spot well inside the market."""

    def some(self, rows: slice | Mask) -> People:
        """Return some of them."""
        return People(*(getattr(self, field.name)[rows] for field in fields(self)))


def people(place: Place, count: int, days: int, random: np.random.Generator) -> People:
    """Make `count` people for so many days."""
    parts = [_people(place, min(_STEP, count - done), days, random) for done in range(0, count, _STEP)]
    return People(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(People))
    )


def _people(place: Place, count: int, days: int, random: np.random.Generator) -> People:
    share = np.array(list(KINDS.values()))
    kind = random.choice(len(NAMES), count, p=share / share.sum()).astype(np.int8)
    towers = np.bincount(place.carrier)
    phone = random.integers(0, 256, (count, 16), np.uint8)
    phone[:, 0] = 1
    market = random.integers(0, len(place.markets), count).astype(np.int8)
    home = random.integers(0, len(place.dwellings), count)
    xy, town = place.dwellings[home], np.searchsorted(place.first, home, side="right") - 1
    # Who lives beyond the jurisdiction is no resident: another dwelling, by the pull from there.
    guests = np.flatnonzero(~_inhabited(place)[town])
    town[guests], xy[guests] = visited(place, town[guests], random)
    _to_the_border(place, kind, market, xy, town, random)
    work_town, work = visited(place, town, random)
    liked_town, liked = visited(place, np.repeat(town, LIKED), random)
    far = np.flatnonzero(random.random(len(liked)) < FURTHER)
    liked_town[far], liked[far] = visited(place, liked_town[random.permutation(len(liked))[far]], random)
    return People(
        phone=phone,
        carrier=random.choice(len(towers), count, p=towers / towers.sum()).astype(np.int8),
        kind=kind,
        chatty=random.lognormal(-CHATTY * CHATTY / 2, CHATTY, count),
        works=random.random(count) < WORKERS,
        day=random.integers(min(1, days - 1), max(min(1, days - 1) + 1, days - 3), count).astype(np.int32),
        market=market,
        home=xy + random.normal(0, DOORSTEP, xy.shape),
        home_town=town.astype(np.int16),
        work=work,
        work_town=work_town.astype(np.int16),
        liked=liked.reshape(count, LIKED, 2),
        liked_town=liked_town.reshape(count, LIKED).astype(np.int16),
        inside=_inside(place, market, random),
    )


def visited(place: Place, town: Ints, random: np.random.Generator) -> tuple[Ints, Floats]:
    """Return a settlement and a dwelling in it for each, by the pull from where they are."""
    chosen = (place.pull[town] < random.random((len(town), 1))).sum(1)
    chosen = np.minimum(chosen, len(place.towns) - 1)
    first, count = place.first[chosen], np.diff(place.first)[chosen]
    return chosen, place.dwellings[first + (random.random(len(town)) * count).astype(np.int64)]


def _inhabited(place: Place) -> Bools:
    """Say of each settlement whether anybody's home may be there: one that pulls somebody."""
    pulled: Bools = np.diff(place.pull, axis=1, prepend=0).max(0) > 0
    return pulled


def _to_the_border(
    place: Place, kind: Ints, market: Ints, xy: Floats, town: Ints, random: np.random.Generator
) -> None:
    who = np.flatnonzero(kind == NAMES.index("border"))
    along, side = random.uniform(-0.8, 0.8, len(who)), random.integers(0, 4, len(who))
    half = np.array([m.half for m in place.markets])[market[who]]
    out = half + random.uniform(*BORDER, len(who))
    turned = np.stack((np.where(side < 2, out, along * half), np.where(side < 2, along * half, out)), 1)  # noqa: PLR2004 - four sides
    xy[who] = (
        np.array([m.xy for m in place.markets])[market[who]] + turned * np.where(side % 2, 1, -1)[:, None]
    )
    town[who] = np.array([m.town for m in place.markets])[market[who]]


def _inside(place: Place, market: Ints, random: np.random.Generator) -> Floats:
    middle = np.array([m.xy for m in place.markets])[market]
    half = np.array([m.half for m in place.markets])[market]
    found: Floats = middle + random.uniform(-0.3, 0.3, middle.shape) * half[:, None]
    return found
