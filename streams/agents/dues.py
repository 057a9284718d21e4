"""When to look at people again though nothing is told of them, by the data's time (rule 6.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.kafka.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SHOWN: Final = 8
"""Hex digits by which somebody is named in an error: never all."""


class Dues:
    """By person the unix second to look again; at first everybody, once it is known who there is."""

    def __init__(self, everybody: Callable[[], Iterable[bytes]]) -> None:
        self._everybody = everybody
        self._of: dict[bytes, int] | None = None
        """None until all that stands is known."""

    def __repr__(self) -> str:
        """Return whom it knows; for tests that look for somebody in memory."""
        return f"Dues({self._of!r})"

    def note(self, person: bytes, *dues: int | None) -> None:
        """Note the first of what is due, instead of what was before; nothing where none is."""
        first = min((due for due in dues if due is not None), default=None)
        self.drop(person)
        if first is not None:
            self._all()[person] = first

    def drop(self, person: bytes) -> None:
        """Note that there is nothing to look for."""
        self._all().pop(person, None)

    def people(self) -> list[bytes]:
        """Return everybody of whom something is due some time."""
        return list(self._all())

    def until(self, clock: int) -> Iterator[tuple[bytes, int]]:
        """Yield whom to look at by a time, and when, until nothing is due; each look notes the next.

        A look that notes no later time would be had for ever: it raises EngineError, and the worker ends.
        """
        dues = self._all()
        for person in [one for one, due in dues.items() if due <= clock]:
            while (due := dues.get(person)) is not None and due <= clock:
                yield person, due
                again = dues.get(person)
                if again is not None and again <= due:
                    raise EngineError(
                        f"person {person.hex()[:SHOWN]}…, due at {due} (unix seconds), "
                        f"is due at {again} again after a look: what follows of that time was not recorded"
                    )

    def _all(self) -> dict[bytes, int]:
        if self._of is None:
            self._of = dict.fromkeys(self._everybody(), 0)
        return self._of
