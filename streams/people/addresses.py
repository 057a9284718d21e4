"""Where a referral goes: the community of the person's address, else of their nights, else the county (15.1).

A community is found by its polygon. One so small that no cell's centre lies in it is found by its own middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from streams.domain.hexes import centre_of, middle_of
from streams.domain.polygons import holds

if TYPE_CHECKING:
    from streams.people.register import Community, Register

Way: TypeAlias = Literal["address", "nights", "county"]
"""How it was found: the register's entry, the hex most observed at night, or neither."""


@dataclass(frozen=True, slots=True)
class Address:
    """A community, or none: then it is the county's, of which None is any county's."""

    community: str | None
    county: str | None
    by: Way
    slots: int = 0
    """By nights: in how many slots the person was observed there. Which hex it was is not kept."""


ANYWHERE: Final = Address(None, None, "county")


def registered(register: Register, person: bytes) -> Address | None:
    """Return the community of a person's register entry, None for a visitor or where it was withdrawn."""
    entry = register.residents.get(person)
    if entry is None:
        return None
    found = register.community_of(person)
    if found is not None:
        return Address(found.id, found.county, "address")
    # One that was not published is called as it is (rule 10.4); one withdrawn is nobody's address.
    return None if entry.community in register.communities else Address(entry.community, None, "address")


def of_the_county(register: Register) -> Address:
    """Return the county where neither address nor nights tell: that of all communities, if it is one."""
    counties = {one.county for one in _standing(register)}
    return Address(None, counties.pop(), "county") if len(counties) == 1 else ANYWHERE


def by_night(register: Register, cell: int, slots: int) -> Address | None:
    """Return the community of the hex most observed at night, or the county of those that share the hex.

    None where no community is there.
    """
    longitude, latitude = centre_of(cell)
    around = [one for one in _standing(register) if holds(one.geometry, longitude, latitude)]
    found = around or [
        one for one in _standing(register) if one.geometry and middle_of(one.geometry, cell) == cell
    ]
    counties = {one.county for one in found}
    if len(found) == 1:
        return Address(found[0].id, found[0].county, "nights", slots)
    return Address(None, counties.pop(), "nights", slots) if len(counties) == 1 else None


def _standing(register: Register) -> list[Community]:
    return [one for one in register.communities.values() if not one.withdrawn]
