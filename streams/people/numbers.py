"""Phone numbers as E.164 writes them: what carriers' files hold before pseudonyms are made (rule 6.7)."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

_FORM: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""E.164: a plus, the country's code, at most 15 digits in all; no blank, no bracket, no extension."""
_DIALLED: Final = re.compile(r"\+?[0-9(][0-9 ().-]{3,23}", re.ASCII)
"""Digits as people and exports write them; no letters, since nobody's phone is a word."""


def is_e164(text: str) -> bool:
    """Say whether a text is a number in E.164's one spelling, in a range its country has assigned.

    A number has one pseudonym only if it has one spelling, so `+86 138…`, `0086138…` and `138…` are none.
    """
    if _FORM.fullmatch(text) is None:
        return False
    try:
        number = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return False
    spelled = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return spelled == text and phonenumbers.is_valid_number(number)


def countries() -> frozenset[str]:
    """Return the countries that have numbers, as ISO 3166-1 writes them in two letters."""
    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def e164_of(text: str, country: str) -> str | None:
    """Return a number in E.164's one spelling, None if it is none.

    Read as dialled in `country` unless it begins with a plus; no extension.
    """
    if _DIALLED.fullmatch(text) is None:
        return None
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
