"""The spellings that carriers have for towers, remembered: bytes to a number, many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from streams.columns.spellings import UNKNOWN, enter, find

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.codecs.values import Values

FIRST: Final = 1 << 10


class Spellings:
    """Remembers what `learn` said of each spelling."""

    def __init__(self, learn: Callable[[bytes], int]) -> None:
        self._learn = learn
        self._count, self._used = 0, 0
        self._text = np.zeros(FIRST, np.uint8)
        self._begin, self._length, self._said = (np.zeros(FIRST, np.int64) for _ in range(3))
        self._table = np.zeros(FIRST * 2, np.int64)

    def __len__(self) -> int:
        """Return how many are remembered."""
        return self._count

    def of(self, spelt: Values) -> Any:
        """Return what is said of each spelling (int64); those not known yet are learnt."""
        numbers, unknown = self._find(spelt)
        if unknown:
            missing = np.flatnonzero(numbers == UNKNOWN).tolist()
            for one in dict.fromkeys(spelt.one(number) or b"" for number in missing):
                self._add(one, self._learn(one))
            numbers, _ = self._find(spelt)
        return self._said[numbers]

    def _find(self, spelt: Values) -> tuple[Any, int]:
        found: tuple[Any, int] = find(self._table, self._text, self._begin, self._length, *spelt)
        return found

    def _add(self, one: bytes, said: int) -> None:
        number, end = self._count, self._used + len(one)
        if number == len(self._said):
            self._begin, self._length, self._said = map(_doubled, (self._begin, self._length, self._said))
            self._table = np.zeros(len(self._said) * 2, np.int64)
            self._enter(0, number)
        while end > len(self._text):
            self._text = _doubled(self._text)
        self._text[self._used : end] = np.frombuffer(one, np.uint8)
        self._begin[number], self._length[number], self._said[number] = self._used, len(one), said
        self._enter(number, number + 1)
        self._count, self._used = number + 1, end

    def _enter(self, first: int, end: int) -> None:
        enter(self._table, self._text, self._begin, self._length, first, end)


def _doubled(column: Any) -> Any:
    return np.concatenate((column, np.zeros_like(column)))
