"""Where the story plays: three towers, two key areas, a community, and who was where in nine days.

Times are unix seconds; everything is said as of `now`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.cli.demo.people.cast import COMMUNITY
from streams.domain.hexes import cell_of
from streams.domain.records import AreaVersion
from streams.domain.towers import Tower
from streams.people.bindings import Binding
from streams.people.register import Community, Resident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.cli.demo.people.cast import Cast, Character
    from streams.domain.records import Geometry
    from streams.settings import Settings

HOUR: Final = 3600
DAY: Final = 24 * HOUR
QUIET: Final = 600
"""Seconds since anybody was seen last."""
EVERY: Final = HOUR // 2
"""Seconds between two sightings of a phone."""
HALF: Final = 0.025
"""Degrees of half a side of an area: some two and a half kilometres."""

HOME: Final = (121.42, 28.65)
HALL: Final = (121.58, 28.65)
FERRY: Final = (121.42, 28.81)
"""Longitude and latitude; 16 km and more apart, so that no cell flaps between two of them."""
AT_HOME, AT_HALL, AT_FERRY = "460-0-9-1", "460-0-9-2", "460-0-9-3"
TOWERS: Final = tuple(
    Tower(name, *where, 1000.0) for name, where in ((AT_HOME, HOME), (AT_HALL, HALL), (AT_FERRY, FERRY))
)
FISH_HALL, OLD_FERRY = "fish-hall", "old-ferry"


@dataclass(frozen=True, slots=True)
class Away:
    """So many hours at another tower than the one at home; it began `ago` seconds before now."""

    tower: str
    ago: int
    hours: int


def square(middle: tuple[float, float], half: float = HALF) -> Geometry:
    """Return a square around a point, `half` its side in degrees."""
    x, y = middle
    ring = tuple((x + a * half, y + b * half) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)))
    return ((ring,),)


def areas(now: int) -> tuple[AreaVersion, ...]:
    """Return the key areas, in force since twelve days."""
    since = now - 12 * DAY
    return (
        AreaVersion(FISH_HALL, 1, square(HALL), since, name="海鲜市场 fish hall"),
        AreaVersion(OLD_FERRY, 1, square(FERRY), since, name="老渡口 old ferry"),
    )


def hall_cell(settings: Settings) -> int:
    """Return the hex in the middle of the fish hall, as somebody would point at it on a map."""
    return cell_of(*HALL, settings.resolution)


def community() -> Community:
    """Return the community everybody lives in."""
    return Community(COMMUNITY, 1, "老码头 Old Wharf", "county", square(HOME, 2 * HALF), (COMMUNITY,))


def residents(cast: Cast) -> Iterator[Resident]:
    """Yield the community's own list."""
    for one in cast.everybody():
        yield Resident(one.person, 1, COMMUNITY, one.age_band, one.check)


def bindings(cast: Cast, now: int) -> Iterator[Binding]:
    """Yield what the carrier tells at first: Zhao's and Bao's phones it knows nobody for."""
    for one in (cast.chen, cast.mei, cast.sun, cast.qian, cast.he):
        yield binding(one, 1, now - 30 * DAY)


def binding(holder: Character, version: int, since: int) -> Binding:
    """Return that somebody holds the phone they carry."""
    return Binding(holder.carried(), version, holder.person, "mobile", since, check=holder.check)


def given_back(holder: Character, version: int, since: int) -> Binding:
    """Return that nobody holds the phone that somebody carried."""
    return Binding(holder.carried(), version, None, "mobile", since)


def sightings(cast: Cast, now: int) -> Iterator[tuple[bytes, list[tuple[int, str]]]]:
    """Yield each phone with when and by which tower it was seen.

    Qian's number rests for two days before Zhou carries it.
    """
    ferry, hall = Away(AT_FERRY, 4 * DAY, 1), Away(AT_HALL, 3 * DAY, 6)
    days = range(now - 9 * DAY, now - QUIET, EVERY)
    for one, away in (
        (cast.chen, (ferry,)),
        (cast.mei, ()),
        (cast.zhao, (ferry, hall)),
        (cast.sun, ()),
        (cast.bao, (ferry,)),
        (cast.he, ()),
    ):
        yield one.carried(), [(at, _tower(at, away, now)) for at in days]
    early, late = range(now - 9 * DAY, now - 7 * DAY, EVERY), range(now - 5 * DAY, now - QUIET, EVERY)
    hers = (Away(AT_HALL, 8 * DAY, 6),)
    yield cast.qian.carried(), [(at, _tower(at, hers, now)) for at in (*early, *late)]


def _tower(at: int, several: tuple[Away, ...], now: int) -> str:
    for one in several:
        if 0 <= at - (now - one.ago) <= one.hours * HOUR:
            return one.tower
    return AT_HOME
