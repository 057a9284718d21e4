"""Which aggregates of a partition name a person: where somebody is to be forgotten (rule 19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs

if TYPE_CHECKING:
    from collections.abc import Iterable


class Named:
    """Aggregates by person, phones or proxies; each person has few, so they stand in a tuple."""

    def __init__(self) -> None:
        self._aggregates: dict[bytes, tuple[str, ...]] = {}

    def note(self, aggregate: str, people: Iterable[bytes | None], before: Iterable[bytes] = ()) -> None:
        """Note whom an aggregate names, and that it does not name others any more whom it named before."""
        now = {person for person in people if person is not None}
        for person in now:
            known = self._aggregates.get(person, ())
            if aggregate not in known:
                self._aggregates[person] = (*known, aggregate)
        for person in set(before) - now:
            left = tuple(one for one in self._aggregates.pop(person, ()) if one != aggregate)
            if left:
                self._aggregates[person] = left

    def people(self) -> Iterable[bytes]:
        """Return everybody whom something names."""
        return self._aggregates.keys()

    def take(self, person: bytes) -> tuple[str, ...]:
        """Return what has named somebody, and forget it."""
        return self._aggregates.pop(person, ())


def phone_in(key: bytes | None) -> str:
    """Return the phone that a binding's key names, nothing for any other key."""
    phone = (key or b"").partition(b"/")[0].decode("ascii", "replace")
    return phone if codecs.PSEUDONYM.fullmatch(phone) else ""


def version_in(key: bytes | None) -> int:
    """Return the carrier's version that a binding's key names, 0 for any other key."""
    version = (key or b"").rpartition(b"/")[2]
    return int(version) if version.isdigit() else 0
