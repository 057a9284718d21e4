"""A row's check value: as it stands, or worked out here from the document's last four digits (rule 13.1).

With the check key the digits need not leave: only the value is published.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from streams.files.deadletters import BadRowError
from streams.files.unusable import UnusableError
from streams.people.codes.digits import VALUES, DigitsError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from streams.people.codes.digits import CheckKey

COLUMNS: Final = ("check", "digits")
_NUMBER: Final = "document_number"
_LAST: Final = 4
_WHOLE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)


class Checks:
    """How the rows of one file give their check values."""

    def __init__(self, path: str, header: Collection[str], key: CheckKey | None, *, documents: bool) -> None:
        """Refuse a header that leaves open what is meant; `documents`: the rows hold whole documents."""
        self._key = key
        if key is None:
            if "digits" in header and "check" not in header:
                raise UnusableError(path, "line 1", "expected --check-key FILE beside the column digits")
        elif "check" in header:
            raise UnusableError(path, "line 1", "expected no column check where --check-key works it out")
        elif "digits" not in header and not documents:
            raise UnusableError(path, "line 1", "expected a header with the column digits")

    def of(self, row: Mapping[str, str]) -> int | None:
        """Return the check value of a row, None where it gives none; BadRowError for what is no value."""
        if self._key is None:
            return _stated(row.get("check"))
        if digits := row.get("digits"):
            try:
                return self._key.value(digits)
            except DigitsError:
                raise BadRowError("bad_check") from None
        return _of_document(self._key, row.get(_NUMBER, ""))


def _stated(text: str | None) -> int | None:
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or int(text) >= VALUES:
        raise BadRowError("bad_check")
    return int(text)


def _of_document(key: CheckKey, number: str) -> int | None:
    """Return a document's value, None for one that does not end in digits: no gate could ask for them."""
    try:
        return key.value(number[-_LAST:])
    except DigitsError:
        return None
