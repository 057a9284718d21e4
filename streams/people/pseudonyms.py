"""A phone's pseudonym: one byte of key epoch, 15 of a keyed hash of its number (rule 6.7)."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

EPOCHS: Final = 256
"""A key epoch is one byte: 0 to 255."""
SECRET: Final = 32
"""Bytes of an epoch's key."""
HASH: Final = 15
"""Bytes of a pseudonym after its epoch."""
_PROOF: Final = b"which key is this"
"""Nobody's number: what it hashes to tells two keys apart and nothing else."""


class KeysError(ValueError):
    """Keys that cannot be used together; the message names epochs, never a key."""


@dataclass(frozen=True, slots=True)
class Key:
    """The key of one epoch, the same for all carriers of a deployment; its secret is never shown."""

    epoch: int
    secret: bytes = field(repr=False)

    def pseudonym(self, number: str) -> bytes:
        """Return the pseudonym of a number in E.164's text, `+` included."""
        return bytes((self.epoch,)) + self._hash(number.encode("ascii"))

    def pseudonym_of_id(self, namespace: str, text: str) -> bytes:
        """Return the pseudonym of an id that is no number, one of those `namespace` names.

        No number's: a number's text begins with `+`. A namespace holds no NUL.
        """
        return bytes((self.epoch,)) + self._hash(f"\0{namespace}\0{text}".encode())

    def proof(self) -> str:
        """Return a text that differs for different keys and gives nothing of them away."""
        return f"{self.epoch}:{self._hash(_PROOF).hex()}"

    def _hash(self, message: bytes) -> bytes:
        return blake2b(message, key=self.secret, digest_size=HASH).digest()


@dataclass(frozen=True, slots=True)
class Keys:
    """The key in force and, during a rotation, the one that is ending."""

    current: Key
    ending: Key | None = None

    def __post_init__(self) -> None:
        """Refuse what is no rotation."""
        if self.ending is None:
            return
        if self.ending.epoch == self.current.epoch:
            raise KeysError(f"epoch {self.current.epoch} stands twice")
        if self.ending.secret == self.current.secret:
            raise KeysError(f"epochs {self.ending.epoch} and {self.current.epoch} have the same key")

    def all(self) -> tuple[Key, ...]:
        """Return the keys in use, the ending one first."""
        return (self.current,) if self.ending is None else (self.ending, self.current)

    def pseudonyms(self, number: str) -> tuple[bytes, ...]:
        """Return what a sighting of a number is sent under: during a rotation both (rule 6.7)."""
        return tuple(key.pseudonym(number) for key in self.all())

    def pseudonyms_of_id(self, namespace: str, text: str) -> tuple[bytes, ...]:
        """Return what a sighting is written under where phones have ids of a trace instead of numbers."""
        return tuple(key.pseudonym_of_id(namespace, text) for key in self.all())
