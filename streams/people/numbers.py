"""Phone numbers as E.164 writes them: what carriers' files hold before pseudonyms are made (rule 6.7)."""

from __future__ import annotations

import re
from typing import Final

import phonenumbers

_FORM: Final = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
"""E.164: a plus, the country's code, at most 15 digits in all; no blank, no bracket, no extension."""


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
