"""JSON and TOML members read with a type, or an error that names the place and what was expected."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streams.files.doors import text_of
from streams.files.times import Times
from streams.files.unusable import UnusableError, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

_seconds: Final = Times()
_PHONE: Final = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one object at `place` of `file`; null counts as absent."""

    values: Mapping[str, Any]
    file: str
    place: str

    def wrong(self, key: str, expected: str) -> UnusableError:
        """Return the error for a member that is not what was expected."""
        found = shown(self.values[key]) if key in self.values else "nothing"
        return self.unlike(key, f"expected {expected}, found {found}")

    def unlike(self, key: str, text: str) -> UnusableError:
        """Return an error that does not show the member's value."""
        return UnusableError(self.file, f"{self.place}: {key}" if self.place else key, text)

    def has(self, key: str) -> bool:
        """Say whether a member is there and not null."""
        return self.values.get(key) is not None

    def text(self, key: str) -> str:
        """Return a text that is not empty and that UTF-8 can hold (half a surrogate pair it cannot)."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value or any("\ud800" <= c <= "\udfff" for c in value):
            raise self.wrong(key, "text")
        return value

    def whole(self, key: str, least: int | None = None, default: int | None = None) -> int:
        """Return a whole number of at least `least`; without `default` it must be there."""
        value = self.values.get(key) if self.has(key) else default
        if isinstance(value, bool) or not isinstance(value, int) or (least is not None and value < least):
            raise self.wrong(key, "a whole number" if least is None else f"a whole number, {least} or more")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false where it is absent."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return bool(value)

    def time(self, key: str) -> int:
        """Return an instant that must be there."""
        value = self.values.get(key)
        seconds = _seconds(value) if isinstance(value, str) else None
        if seconds is None:
            raise self.wrong(key, "a time with its offset (RFC 3339)")
        return seconds

    def time_or_open(self, key: str) -> int | None:
        """Return an instant, None for an open end."""
        return self.time(key) if self.has(key) else None

    def phone(self, key: str) -> bytes | None:
        """Return a phone's 16 bytes, None where it is absent; an error never shows it."""
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not _PHONE.fullmatch(value):
            raise self.unlike(key, "expected 32 lower-case hex digits")
        return bytes.fromhex(value)

    def inside(self, key: str) -> Members:
        """Return the members of an object that is one of these."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return Members(value, self.file, f"{self.place}: {key}" if self.place else key)


def parsed(text: str, file: str, place: str) -> Members:
    """Return the object that `text` holds as JSON; UnusableError if it is none."""
    try:
        value = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = (
            f"line {error.lineno}, column {error.colno}" if not place else f"{place}, column {error.colno}"
        )
        raise UnusableError(file, where, f"expected JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise UnusableError(file, place, "expected JSON, with numbers and depth within reason") from None
    if not isinstance(value, dict):
        raise UnusableError(file, place, "expected a JSON object")
    return Members(value, file, place)


def table_of(path: str) -> Members:
    """Return what a TOML file holds; UnusableError if it is none."""
    try:
        table = tomllib.loads(text_of(path))
    except tomllib.TOMLDecodeError as error:
        raise UnusableError(path, "", f"expected TOML: {error}") from None
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnusableError):
            raise
        raise UnusableError(path, "", "expected TOML, with numbers and depth within reason") from None
    return Members(table, path, "")


def _refuse(constant: str) -> None:
    raise ValueError(constant)
