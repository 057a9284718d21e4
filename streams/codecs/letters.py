"""Dead letters in Avro: where something stood that could not be used, and why."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from streams.codecs import schemas


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """The place of a value, or of one of several in it, that could not be used; never the value itself."""

    reason: str
    topic: str
    partition: int
    offset: int
    index: int = 0


def encode_dead_letter(letter: DeadLetter) -> bytes:
    """Return a DeadLetter's bytes."""
    return schemas.encode("DeadLetter", asdict(letter))


def decode_dead_letter(value: bytes | None) -> DeadLetter:
    """Read a DeadLetter; CodecError says why not."""
    return DeadLetter(**schemas.decode(value, "DeadLetter")[1])
