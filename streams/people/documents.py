"""Documents of people: the one spelling of each, from which a person's pseudonym is made (rule 10.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streams.people.pseudonyms import Keys

NAMESPACE: Final = "document"
_TYPE: Final = re.compile(r"[a-z][a-z_]{0,19}", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Z]{4,30}", re.ASCII)


def persons_of(keys: Keys, kind: str, number: str) -> tuple[bytes, ...] | None:
    """Return the pseudonyms of a person by a document, during a rotation both; None for what is no document.

    `kind` is lower case (`resident_id`, `passport`), `number` digits and capital letters without a blank: a
    document has one pseudonym only if it has one spelling.
    """
    if _TYPE.fullmatch(kind) is None or _NUMBER.fullmatch(number) is None:
        return None
    return keys.pseudonyms_of_id(NAMESPACE, f"{kind}/{number}")
