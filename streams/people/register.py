"""The register: who lives in which community, by the community's own list (rule 10.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from streams.domain.records import Geometry


@dataclass(frozen=True, slots=True)
class Resident:
    """A version of a person's entry; a visitor has none.

    `check` is the keyed check value of the document's last four digits (0 to 1023), `hex` the address's H3
    cell.
    """

    person: bytes
    version: int
    community: str
    age_band: str
    check: int | None = None
    hex: int | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """A version of a community: where it is, which county it is in, which offices it has."""

    id: str
    version: int
    name: str
    county: str
    geometry: Geometry
    offices: tuple[str, ...] = ()
    withdrawn: bool = False


_Id = TypeVar("_Id", bytes, str)
_Version = TypeVar("_Version", Resident, Community)


@dataclass(slots=True)
class Register:
    """The highest version of each entry, whatever the order of arrival; an equal or lower one is ignored."""

    residents: dict[bytes, Resident] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)

    def enter(self, new: Resident | Community) -> bool:
        """Take a version if it is higher than the one that stands; say whether it was."""
        if isinstance(new, Resident):
            return _enter(self.residents, new.person, new)
        return _enter(self.communities, new.id, new)

    def erase(self, person: bytes) -> None:
        """Forget a person's entry: nothing of it stays, so that a later one of any version counts."""
        self.residents.pop(person, None)

    def community_of(self, person: bytes) -> Community | None:
        """Return the community a person is registered in, None for a visitor or where it was withdrawn."""
        entry = self.residents.get(person)
        found = None if entry is None else self.communities.get(entry.community)
        return None if found is None or found.withdrawn else found

    def offices_of(self, person: bytes) -> tuple[str, ...] | None:
        """Return the offices that act for a person, None where any may: for a visitor.

        So it is where the person's community was withdrawn. One that names no office, or was not published,
        has one that is called as it is.
        """
        entry = self.residents.get(person)
        if entry is None:
            return None
        found = self.communities.get(entry.community)
        return None if found is not None and found.withdrawn else self.offices_in(entry.community)

    def offices_in(self, community: str) -> tuple[str, ...]:
        """Return the offices of a community by its id; none where it was withdrawn."""
        found = self.communities.get(community)
        if found is None:
            return (community,)
        return () if found.withdrawn else found.offices or (found.id,)


def _enter(known: dict[_Id, _Version], key: _Id, new: _Version) -> bool:
    before = known.get(key)
    if before is not None and new.version <= before.version:
        return False
    known[key] = new
    return True
