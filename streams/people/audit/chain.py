"""A writer's chain: links that hold commitments only, and the texts beside them, which can go (rule 17.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from streams.people.audit.digests import DIGEST, ZERO, digest, number
from streams.people.audit.lookups import LookUpError, canonical

if TYPE_CHECKING:
    from streams.people.audit.lookups import LookUp

SALT: Final = DIGEST
"""Bytes of a salt: nobody can try out who a link is about."""
TEXT_DOMAIN: Final = "shendeng/look-up/text/1"
LINK_DOMAIN: Final = "shendeng/look-up/link/1"
_WRITER: Final = re.compile(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class End:
    """Where a chain stands: its last link's number (0: none yet), hash and time (ms)."""

    writer: str
    sequence: int = 0
    hash: bytes = ZERO
    at: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A link: it says that there was a look-up, when, and after which; not whose.

    `previous` and `previous_at` are the hash and time (ms) of the link before. With the time of what is gone
    in it, the first link that retention has left says itself whether the one before was old enough to go.
    """

    writer: str
    sequence: int
    previous: bytes
    previous_at: int
    commitment: bytes
    at: int
    hash: bytes

    def computed(self) -> bytes:
        """Return the hash that the other fields give."""
        return digest(
            LINK_DOMAIN,
            self.previous,
            number(self.previous_at),
            self.writer.encode(),
            number(self.sequence),
            self.commitment,
            number(self.at),
        )

    def end(self) -> End:
        """Return where a chain stands after this link."""
        return End(self.writer, self.sequence, self.hash, self.at)


@dataclass(frozen=True, slots=True)
class Text:
    """The look-up that a link commits to, with the salt; without it the link tells nobody anything."""

    writer: str
    sequence: int
    salt: bytes = field(repr=False)
    lookup: LookUp = field(repr=False)

    def commitment(self) -> bytes:
        """Return what the link must hold; its place is in it, so that two texts cannot change places."""
        return digest(
            TEXT_DOMAIN, self.salt, self.writer.encode(), number(self.sequence), canonical(self.lookup)
        )


def begun(writer: str) -> End:
    """Return a chain before its first link; LookUpError for a name that no topic key could hold."""
    if _WRITER.fullmatch(writer) is None:
        raise LookUpError(f"writer {writer!r}: expected up to 64 of a-z, 0-9, '.' and '-'")
    return End(writer)


def extended(end: End, lookup: LookUp, salt: bytes) -> tuple[Link, Text]:
    """Return the next link and its text; `salt` is SALT random bytes, never used before.

    A link is never dated before the last one: a clock that was set back must not make a chain look older.
    """
    if len(salt) != SALT:
        raise LookUpError(f"salt: expected {SALT} bytes, found {len(salt)}")
    text = Text(end.writer, end.sequence + 1, salt, lookup)
    at = max(lookup.at, end.at)
    bare = Link(end.writer, text.sequence, end.hash, end.at, text.commitment(), at, b"")
    return replace(bare, hash=bare.computed()), text
