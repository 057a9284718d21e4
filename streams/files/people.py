"""bindings.csv and residents.csv: who holds a phone, who lives where; rows to values (rule 10).

With keys the columns `phone`, and `document_type` and `document_number`, become pseudonyms here (6.7, 10.1);
without, `phone` and `person` are pseudonyms already. A check value is worked out from digits likewise.
"""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import h3

from streams.files.checks import COLUMNS, Checks
from streams.files.deadletters import BadRowError
from streams.files.doors import opened
from streams.files.phones import Numbers, as_it_is
from streams.files.rows import rows_of
from streams.files.times import Times
from streams.files.unusable import UnusableError
from streams.people.bindings import Binding
from streams.people.documents import persons_of
from streams.people.register import Resident

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.files.deadletters import Bury
    from streams.people.codes.digits import CheckKey
    from streams.people.pseudonyms import Keys

_WHOLE: Final = re.compile(r"[0-9]{1,18}", re.ASCII)
_PERSON: Final = ("person",)
_DOCUMENT: Final = ("document_type", "document_number")
V = TypeVar("V", Binding, Resident)


class Table(ABC, Generic[V]):
    """A file's rows as values; `needed` and `more` are its columns besides those that name a person."""

    needed: tuple[str, ...]
    more: tuple[str, ...]

    def __init__(self, path: str, keys: Keys | None, check_key: CheckKey | None = None) -> None:
        self.path, self._keys = path, keys
        self._stream = opened(path)
        self._rows = rows_of(self._stream, path)
        self._people = _PERSON if keys is None else _DOCUMENT
        header = [name.strip() for name in next(self._rows, (1, None))[1] or []]
        for name in (*self.needed, *self._people):
            if name not in header:
                raise UnusableError(path, "line 1", f"expected a header with the column {name}")
        self._check = Checks(path, header, check_key, documents=keys is not None).of
        wanted = (*self.needed, *self._people, *self.more, *COLUMNS)
        self._places = {name: header.index(name) for name in wanted if name in header}

    def share(self) -> float | None:
        """Return how much of the file was read, 0 to 1; None where its size is unknown."""
        size = os.fstat(self._stream.fileno()).st_size
        return min(1.0, self._stream.tell() / size) if size and self._stream.seekable() else None

    def values(self, bury: Bury) -> Iterator[tuple[int, tuple[V, ...]]]:
        """Yield line and values of each row, during a rotation one a pseudonym; a bad row goes to `bury`."""
        for line, row in self._rows:
            if row is None or len(row) <= max(self._places.values()):
                bury("bad_row", line)
                continue
            found = {name: row[place].strip() for name, place in self._places.items()}
            try:
                values = self._values(found) if all(found[name] for name in self.needed) else None
            except BadRowError as error:
                bury(error.reason, line)
                continue
            if values is None:
                bury("bad_row", line)
            else:
                yield line, values

    @abstractmethod
    def _values(self, row: dict[str, str]) -> tuple[V, ...]:
        """Return what a row says, once a pseudonym; BadRowError says why it cannot be used."""

    def _persons(self, row: dict[str, str]) -> tuple[bytes, ...]:
        """Return the person's pseudonyms, none for nobody."""
        if not any(row[name] for name in self._people):
            return ()
        if self._keys is None:
            found = as_it_is(row["person"])
        else:
            found = persons_of(self._keys, row["document_type"], row["document_number"])
        if found is None:
            raise BadRowError("bad_person")
        return found


class Bindings(Table[Binding]):
    """Bindings of one carrier; no person: nobody holds it. `latest` is the last second one may begin."""

    needed = ("phone", "from", "version")
    more = ("until",)

    def __init__(
        self, path: str, keys: Keys | None, carrier: str, latest: int, check_key: CheckKey | None = None
    ) -> None:
        super().__init__(path, keys, check_key)
        self._read_phone = as_it_is if keys is None else Numbers(keys)
        self._read_time, self._carrier, self._latest = Times(), carrier, latest

    def _values(self, row: dict[str, str]) -> tuple[Binding, ...]:
        phones = self._read_phone(row["phone"])
        if phones is None:
            raise BadRowError("bad_phone")
        persons = self._persons(row)
        since, until = self._time(row["from"]), row.get("until")
        if since > self._latest:
            raise BadRowError("bad_time")
        version, end, check = _version(row), self._time(until) if until else None, self._check(row)
        return tuple(
            Binding(
                phone=phone,
                version=version,
                person=persons[place] if persons else None,
                carrier=self._carrier,
                from_=since,
                until=end,
                other_phone=_other(phones, place),
                other_person=_other(persons, place),
                check=check,
            )
            for place, phone in enumerate(phones)
        )

    def _time(self, text: str) -> int:
        found = self._read_time(text)
        if found is None or found < 0:
            raise BadRowError("bad_time")
        return found


class Residents(Table[Resident]):
    """A community's own list."""

    needed = ("community", "age_band", "version")
    more = ("hex",)

    def _values(self, row: dict[str, str]) -> tuple[Resident, ...]:
        persons = self._persons(row)
        if not persons:
            raise BadRowError("bad_person")
        version, community, band = _version(row), row["community"], row["age_band"]
        check = self._check(row)
        return tuple(Resident(one, version, community, band, check, _hex(row)) for one in persons)


def _other(pseudonyms: tuple[bytes, ...], place: int) -> bytes | None:
    """Return the pseudonym of the other key epoch, None outside a rotation."""
    return pseudonyms[1 - place] if len(pseudonyms) > 1 else None


def _version(row: dict[str, str]) -> int:
    found = int(row["version"]) if _WHOLE.fullmatch(row["version"]) else 0
    if found < 1:
        raise BadRowError("bad_version")
    return found


def _hex(row: dict[str, str]) -> int | None:
    text = row.get("hex")
    if not text:
        return None
    if not h3.is_valid_cell(text):
        raise BadRowError("bad_hex")
    return int(text, 16)
