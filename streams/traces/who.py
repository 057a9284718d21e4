"""A trace's phones: numbers or ids, to what stands in the column `phone` (rule 6.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from streams.files.phones import pseudonym_of
from streams.files.unusable import UnusableError
from streams.people.numbers import countries, e164_of, is_e164
from streams.traces.mapping import Phones

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.people.pseudonyms import Keys
    from streams.traces.mapping import PhoneKind
    from streams.traces.members import Table

    Written: TypeAlias = tuple[str, ...]
    """What a phone's sightings are written under: two during a rotation, none for what is no phone."""

KINDS: Final[tuple[PhoneKind, ...]] = ("number", "id", "pseudonym")
SPOILT: Final = "\ufffd"
"""Stands for bytes that are not of the file's encoding: two ids might become one."""
_KEPT: Final = 1 << 18
"""Phones remembered: hashing one costs as much as twenty look-ups."""


def phones_of(table: Table) -> Phones:
    """Read the table [phone]."""
    kind = table.choice("kind", KINDS)
    for key, of in (("country", "number"), ("namespace", "id")):
        if table.has(key) and kind != of:
            raise table.unlike(key, f'expected none, unless kind = "{of}"')
    country = table.text("country") if table.has("country") else None
    if country is not None and country not in countries():
        raise table.wrong("country", "two capital letters of ISO 3166-1, as 'CN'")
    namespace = table.text("namespace") if kind == "id" else ""
    if "\0" in namespace:
        raise table.wrong("namespace", "text without NUL")
    return Phones(kind, country, namespace)


class Who:
    """Reads phones; remembers the latest, in memory only."""

    def __init__(self, phones: Phones, keys: Keys | None) -> None:
        self._read = _reading(phones, keys)
        self._known: dict[str, Written] = {}

    def __call__(self, text: str) -> Written:
        """Return what the phone is written under."""
        known = self._known.get(text)
        if known is None:
            if len(self._known) >= _KEPT:
                self._known.clear()
            known = self._known[text] = self._read(text)
        return known


def check_keys(phones: Phones, mapping: str, *, keyed: bool, numbers: bool) -> None:
    """Refuse options that do not go with the phones there are: a number is written only if asked for."""
    if numbers and phones.kind != "number":
        raise UnusableError(
            mapping, "phone: kind", f"expected 'number' with --numbers, found {phones.kind!r}"
        )
    if phones.kind == "pseudonym":
        if keyed:
            raise UnusableError("--key-file", "", "expected none: the phones of the mapping are pseudonyms")
    elif keyed == numbers:
        also = ", or --numbers to write them as they are" if phones.kind == "number" else ""
        found = "both" if keyed else "nothing"
        raise UnusableError("--key-file", "", f"expected a key file to hash phones{also}, found {found}")


def _reading(phones: Phones, keys: Keys | None) -> Callable[[str], Written]:
    if phones.kind == "pseudonym":
        return lambda text: () if pseudonym_of(text) is None else (text,)
    if phones.kind == "id":
        assert keys is not None  # noqa: S101 - check_keys
        return lambda text: _hex(keys.pseudonyms_of_id(phones.namespace, text) if SPOILT not in text else ())
    return _numbers(phones.country, keys)


def _numbers(country: str | None, keys: Keys | None) -> Callable[[str], Written]:
    def read(text: str) -> Written:
        number = e164_of(text, country) if country is not None else text if is_e164(text) else None
        if number is None:
            return ()
        return (number,) if keys is None else _hex(keys.pseudonyms(number))

    return read


def _hex(raw: tuple[bytes, ...]) -> Written:
    return tuple(one.hex() for one in raw)
