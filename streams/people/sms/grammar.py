"""The carriers' grammars: what a text says to each of them (rule 14.1).

One set of words for all; a grammar says whether keyword and digits come in one message.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.people.sms.said import Said, What

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.people.sms.said import Language

LONGEST: Final = 70
"""Characters of a text that is looked at: no sentence of ours is as long as one message."""
_WORD: Final = re.compile(
    r"[#\s,，。.]*(?:(?P<opens>CXMYD)|(?P<en>ENGLISH|EN)|(?P<zh>中文|ZH|CN)"
    r"|(?P<declines>不同意|NO|N|否)|(?P<consents>同意|YES|Y|是)|(?P<digits>[0-9]{3}[0-9X]))"
)
_REST: Final = re.compile(r"[#\s,，。.]*")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one carrier's subscribers speak."""

    carrier: str
    at_once: bool
    """Keyword and digits in one message, which is consent; else the service asks for both."""


GRAMMARS: Final[Mapping[str, Grammar]] = {
    "mobile": Grammar("mobile", at_once=False),
    "telecom": Grammar("telecom", at_once=False),
    "unicom": Grammar("unicom", at_once=True),
}
"""By the carrier's name, as it stands in bindings."""


def read(grammar: Grammar, text: str) -> Said | None:
    """Return what a text says, None for one that says nothing here.

    Full-width and small letters are read as plain capitals; words may be parted by blanks, `#` or commas.
    """
    words = _words(text)
    if words is None:
        return None
    language = _language(words)
    digits = words.get("digits")
    if "opens" in words:
        return Said(What.OPENS, language, digits if grammar.at_once else None)
    if grammar.at_once:
        return None
    if "declines" in words:
        return Said(What.DECLINES, language) if digits is None else None
    if "consents" in words:
        return Said(What.CONSENTS, language, digits)
    return None if digits is None else Said(What.DIGITS, language, digits)


def _words(text: str) -> dict[str, str] | None:
    """Return a text's words by their kind, None where something else stands in it or a kind stands twice."""
    plain = unicodedata.normalize("NFKC", text).upper()
    if len(plain) > LONGEST:
        return None
    found: dict[str, str] = {}
    at = 0
    while (word := _WORD.match(plain, at)) is not None:
        kind = word.lastgroup or ""
        if kind in found:
            return None
        found[kind] = word[kind]
        at = word.end()
    whole = _REST.fullmatch(plain, at) is not None
    contrary = {"consents", "declines"} <= found.keys() or {"en", "zh"} <= found.keys()
    return found if whole and not contrary else None


def _language(words: Mapping[str, str]) -> Language | None:
    if "en" in words:
        return "en"
    return "zh" if "zh" in words else None
