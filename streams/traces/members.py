"""Tables of a mapping file read with a type; an unknown key names the nearest known one."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final, TypeVar

from streams.files.members import Members
from streams.files.unusable import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.files.unusable import UnusableError
    from streams.traces.mapping import Column

T = TypeVar("T", bound=str)

COLUMN: Final = "a column: its name in the header, or its number from 1"
NUMBER: Final = "a column's number, from 1, since there is no header"


class Table:
    """One table of a mapping file; what is not among its known keys is refused at once."""

    def __init__(self, values: Mapping[str, Any], file: str, place: str, known: Sequence[str]) -> None:
        self._members = Members(values, file, place)
        for key in values:
            if key not in known:
                near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
                raise self._members.unlike(key, f"unknown key; the nearest known one is {near!r}")

    def has(self, key: str) -> bool:
        """Say whether a key is there."""
        return self._members.has(key)

    def wrong(self, key: str, expected: str) -> UnusableError:
        """Return the error for a value that is not what was expected."""
        return self._members.wrong(key, expected)

    def unlike(self, key: str, text: str) -> UnusableError:
        """Return an error about a key."""
        return self._members.unlike(key, text)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text; without `default` it must be there."""
        return default if default is not None and not self.has(key) else self._members.text(key)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        return self._members.flag(key) if self.has(key) else default

    def choice(self, key: str, choices: Sequence[T], default: T | None = None) -> T:
        """Return one of the texts there are to choose from."""
        value = self._members.values.get(key, default)
        for choice in choices:
            if value == choice:
                return choice
        raise self.wrong(key, f"one of {', '.join(map(repr, choices))}")

    def whole(self, key: str) -> int:
        """Return a whole number, 0 or more."""
        return self._members.whole(key, 0)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a text, or a list of texts, as a list; at least one."""
        value = self._members.values.get(key)
        found = value if isinstance(value, list) else [value]
        if not found or not all(isinstance(one, str) and one for one in found):
            raise self.wrong(key, "text, or a list of texts")
        return tuple(found)

    def column(self, key: str, *, header: bool) -> Column:
        """Return a column."""
        return self._column(key, self._members.values.get(key), header=header)

    def column_or_none(self, key: str, *, header: bool) -> Column | None:
        """Return a column, None where there is none."""
        return self.column(key, header=header) if self.has(key) else None

    def columns(self, key: str, *, header: bool) -> tuple[Column, ...]:
        """Return a column, or a list of them, as a list; at least one."""
        value = self._members.values.get(key)
        if not isinstance(value, list):
            return (self._column(key, value, header=header),)
        if not value:
            raise self.wrong(key, COLUMN)
        return tuple(self._column(key, one, header=header) for one in value)

    def table(self, key: str, known: Sequence[str]) -> Table:
        """Return a table in this one; one that is absent is empty."""
        value = self._members.values.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(key, f"a table, [{key}]")
        return Table(value, self._members.file, key, known)

    def tables(self, key: str, known: Sequence[str]) -> list[Table]:
        """Return the tables of a list of them."""
        value = self._members.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.wrong(key, f"tables, [[{key}]]")
        return [Table(one, self._members.file, f"{key} {place}", known) for place, one in enumerate(value, 1)]

    @property
    def place(self) -> str:
        """Return where the table stands."""
        return self._members.place

    def _column(self, key: str, value: object, *, header: bool) -> Column:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        if header and isinstance(value, str) and value.strip():
            return value.strip()
        expected = COLUMN if header else NUMBER
        found = "nothing" if value is None else shown(value)
        raise self.unlike(key, f"expected {expected}, found {found}")
