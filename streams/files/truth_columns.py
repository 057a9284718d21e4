"""truth.csv in columns: fast, for files in the one spelling that `simulate` writes; gives up on any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from streams.files.doors import opened
from streams.files.phones import pseudonym_of
from streams.files.truth import COLUMNS, TruthRows

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK: Final = 1 << 22
"""Bytes read at once."""
_TIME: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
_NUMBER: Final = r"^-?\d{1,3}(\.\d+)?$"


def in_columns(path: str) -> TruthRows | None:
    """Return a file's rows; None if a single one is not in that spelling, or is bad."""
    phones: dict[bytes, int] = {}
    parts: list[tuple[Any, ...]] = []
    with opened(path) as stream:
        try:
            for batch in _batches(stream):
                part = _part(batch, phones)
                if part is None:
                    return None
                parts.append(part)
        except (pa.ArrowException, OSError, UnicodeDecodeError, KeyError):
            return None
    if not parts:
        return None
    return TruthRows(list(phones), *(np.concatenate(column) for column in zip(*parts, strict=True)))


def _batches(stream: Any) -> Iterator[Any]:
    reading = csv.open_csv(
        stream,
        read_options=csv.ReadOptions(block_size=BLOCK, use_threads=False),
        convert_options=csv.ConvertOptions(
            include_columns=list(COLUMNS),
            column_types=dict.fromkeys(COLUMNS, pa.string()),
            strings_can_be_null=False,
        ),
    )
    yield from reading


def _part(batch: Any, phones: dict[bytes, int]) -> tuple[Any, ...] | None:
    phone, start, end, lon, lat = (batch.column(name) for name in COLUMNS)
    for texts, form in ((start, _TIME), (end, _TIME), (lon, _NUMBER), (lat, _NUMBER)):
        if not pc.all(pc.match_substring_regex(texts, form)).as_py():
            return None
    number = _numbers(phone, phones)
    begin, until = (_seconds(texts) for texts in (start, end))
    degrees = [pc.cast(texts, pa.float64()).to_numpy() for texts in (lon, lat)]
    good = number is not None and (until > begin).all()
    if not good or (np.abs(degrees[0]) > 180).any() or (np.abs(degrees[1]) > 90).any():  # noqa: PLR2004 - the sphere's own numbers
        return None
    return (number, begin, until, *degrees)


def _numbers(texts: Any, phones: dict[bytes, int]) -> Any | None:
    encoded = pc.dictionary_encode(texts)
    found = []
    for text in encoded.dictionary.to_pylist():
        raw = pseudonym_of(text)
        if raw is None:
            return None
        found.append(phones.setdefault(raw, len(phones)))
    return np.array(found, np.int64)[encoded.indices.to_numpy()]


def _seconds(texts: Any) -> Any:
    stamps = pc.cast(texts, pa.timestamp("s", "UTC"))
    return pc.cast(stamps, pa.int64()).to_numpy()
