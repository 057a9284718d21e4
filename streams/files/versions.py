"""Versions that a file proposes to publish: one of an id, and none that would be ignored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.domain.records import AreaVersion
    from streams.files.members import Members
    from streams.people.orders import Order

V = TypeVar("V", "AreaVersion", "Order")
S = TypeVar("S", bound="Stated[Any]")


@dataclass(frozen=True, slots=True)
class Stated(Generic[V]):
    """A version, and the part of a file that says so."""

    what: ClassVar[str]
    version: V
    members: Members

    def wrong(self, text: str) -> UnusableError:
        """Return an error about this version."""
        place = self.members.place
        return UnusableError(self.members.file, place, f"{self.what} {self.version.id!r}: {text}")


def check_alone(one: S, found: Mapping[str, S]) -> None:
    """Raise UnusableError where a version of the same id was found before."""
    if first := found.get(one.version.id):
        place = first.members.place
        raise one.wrong(f"stands in {place} too: publish one version of an {one.what} at a time")


def newer(proposed: Sequence[S], standing: Mapping[str, Any]) -> list[S]:
    """Leave out what stands already; UnusableError where a version is not higher than what stands."""
    left = []
    for one in proposed:
        known = standing.get(one.version.id)
        if known is None or one.version.version > known.version:
            left.append(one)
        elif one.version != known:
            raise one.wrong(
                f"version {one.version.version} would be ignored, version {known.version} is published: "
                f"make it {known.version + 1}"
            )
    return left
