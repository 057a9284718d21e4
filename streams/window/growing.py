"""Columns that grow together, without a copy where the system can move pages instead."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

V = TypeVar("V", bound=NamedTuple)

FIRST: Final = 1024
STEEP: Final = 1 << 20
"""Up to so many rows columns double; then they grow by a quarter, so that little stands empty."""


def after(rows: int) -> int:
    """Return how many rows columns grow to that are full."""
    return rows * 2 if rows < STEEP else rows + rows // 4


class Growing(Generic[V]):
    """Columns of one length, handed out as a named tuple of arrays; new rows are zero.

    `columns` has each column's type, and its width where it has two dimensions, else 0. Whoever holds a tuple
    handed out before a growth holds old rows: ask for `view` again.
    """

    def __init__(self, shape: type[V], columns: Mapping[str, tuple[Any, int]]) -> None:
        self._shape = shape
        self._types = {name: (np.dtype(kind), width) for name, (kind, width) in columns.items()}
        self.rows = 0
        self._pages: dict[str, mmap.mmap] = {}
        self._view: V | None = None
        self.reserve(FIRST)

    @property
    def view(self) -> V:
        """Return the columns as they are."""
        assert self._view is not None  # noqa: S101 - made by every growth
        return self._view

    def nbytes(self) -> int:
        """Return the bytes that all rows take."""
        return sum(self.rows * kind.itemsize * (width or 1) for kind, width in self._types.values())

    def reserve(self, rows: int) -> None:
        """Make sure that there are so many rows."""
        if rows <= self.rows:
            return
        grown = max(rows, after(self.rows))
        self._view = None
        arrays = []
        for name, (kind, width) in self._types.items():
            pages = _grown(self._pages.pop(name, None), grown * kind.itemsize * (width or 1))
            self._pages[name] = pages
            array: NDArray[Any] = np.frombuffer(pages, kind, grown * (width or 1))
            arrays.append(array.reshape(grown, width) if width else array)
        self._view = self._shape._make(arrays)
        self.rows = grown


def _grown(pages: mmap.mmap | None, size: int) -> mmap.mmap:
    """Return memory of `size` bytes that begins with what `pages` held."""
    if pages is not None:
        try:
            pages.resize(size)
        except (BufferError, SystemError, OSError):
            pass  # somebody still looks at it, or the system cannot: copied instead
        else:
            return pages
    made = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if pages is not None:
        made[: len(pages)] = pages[:]
    return made
