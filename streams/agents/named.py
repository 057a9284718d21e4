"""Which phones of a partition name a person: where there is something to forget of somebody (rule 19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs

if TYPE_CHECKING:
    from collections.abc import Iterable


class Named:
    """Phones, in hex, by person; each person has few, so they stand in a tuple."""

    def __init__(self) -> None:
        self._phones: dict[bytes, tuple[str, ...]] = {}

    def note(self, phone: str, people: Iterable[bytes | None], before: Iterable[bytes] = ()) -> None:
        """Note whom a phone names, and that it does not name others any more whom it named before."""
        now = {person for person in people if person is not None}
        for person in now:
            known = self._phones.get(person, ())
            if phone not in known:
                self._phones[person] = (*known, phone)
        for person in set(before) - now:
            self._phones[person] = tuple(one for one in self._phones.get(person, ()) if one != phone)
            if not self._phones[person]:
                del self._phones[person]

    def people(self) -> Iterable[bytes]:
        """Return everybody whom some phone names."""
        return self._phones.keys()

    def take(self, person: bytes) -> tuple[str, ...]:
        """Return the phones that have named somebody, and forget them."""
        return self._phones.pop(person, ())


def phone_in(key: bytes | None) -> str:
    """Return the phone that a binding's key names, nothing for any other key."""
    phone = (key or b"").partition(b"/")[0].decode("ascii", "replace")
    return phone if codecs.PSEUDONYM.fullmatch(phone) else ""


def version_in(key: bytes | None) -> int:
    """Return the carrier's version that a binding's key names, 0 for any other key."""
    version = (key or b"").rpartition(b"/")[2]
    return int(version) if version.isdigit() else 0
