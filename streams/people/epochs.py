"""Retired key epochs: nobody can make their pseudonyms any more, and nothing of them is kept (rule 6.7)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streams.people.pseudonyms import EPOCHS

if TYPE_CHECKING:
    from collections.abc import Container

    from streams.people.bindings import Binding

CODE: Final = "retired_epoch"
"""Of dead letters of what comes under a pseudonym of a retired epoch."""
PSEUDONYM: Final = 16
_NAMED: Final = re.compile(rb"(?:proxy-)?([0-9a-f]{2})[0-9a-f]{30}(?:/.*)?", re.DOTALL)


class EpochsError(ValueError):
    """A list of epochs that cannot be read."""


def epochs_in(text: str) -> frozenset[int]:
    """Return the epochs of a list, `1` or `1,2`; none of an empty one. EpochsError where it is no list."""
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    if not all(part.isascii() and part.isdecimal() and int(part) < EPOCHS for part in parts):
        raise EpochsError(f"expected epochs, 0 to {EPOCHS - 1}, separated by commas, found {text!r}")
    return frozenset(map(int, parts))


def epoch_of(key: bytes | None, *, raw: bool) -> int | None:
    """Return the epoch of the phone or person that a key names first, None where it names none.

    Keys are text that begins with a pseudonym's 32 hex digits, those of proxies with a word before them; on
    topics with `raw` keys also the pseudonym's 16 bytes.
    """
    if key is None:
        return None
    if raw and len(key) == PSEUDONYM:
        return key[0]
    found = _NAMED.fullmatch(key)
    return None if found is None else int(found[1], 16)


def unlinked(binding: Binding, retired: Container[int]) -> Binding:
    """Return a binding without the pseudonyms of retired epochs: the link goes with the old epoch (10.1)."""
    phone, person, other = binding.other_phone, binding.person, binding.other_person
    if phone is not None and phone[0] in retired:
        phone = None
    if other is not None and other[0] in retired:
        other = None
    if person is not None and person[0] in retired and other is not None:
        person, other = other, None
    return replace(binding, other_phone=phone, person=person, other_person=other)
