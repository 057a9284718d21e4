"""Many values in one buffer: what compiled readers are handed instead of an object a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

NULL: Final = -1
"""The size of a value that is null."""


class Values(NamedTuple):
    """Values of records: `data` (uint8) holds them, each at `start` (int64), `size` bytes long (int64)."""

    data: Any
    start: Any
    size: Any

    @classmethod
    def of(cls, values: Iterable[bytes | None]) -> Values:
        """Return values that stand as objects."""
        listed = list(values)
        size = np.array([NULL if value is None else len(value) for value in listed], np.int64)
        ends = np.cumsum(np.maximum(size, 0))
        data = np.frombuffer(b"".join(value for value in listed if value is not None), np.uint8)
        return cls(data, ends - np.maximum(size, 0), size)

    def read_only(self) -> Values:
        """Return these values in a buffer that cannot be written to: compiled code is made for that alone."""
        if not self.data.flags.writeable:
            return self
        data = self.data.view()
        data.flags.writeable = False
        return self._replace(data=data)

    def one(self, number: int) -> bytes | None:
        """Return a value as an object."""
        size, start = int(self.size[number]), int(self.start[number])
        return None if size == NULL else self.data[start : start + size].tobytes()
