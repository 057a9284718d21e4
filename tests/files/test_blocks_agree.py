"""Rows read many at once are what they are read one by one: the same sightings, letters and lines."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.spellings import Spellings
from streams.codecs.values import Values
from streams.columns.rows import DIGITS, read_phones
from streams.files import blocks
from tests.files.test_events import GOOD, csv, read

if TYPE_CHECKING:
    from collections.abc import Sequence

VALUES = 256
FIELDS = st.sampled_from(
    [
        *GOOD.split(","),
        "fedcba9876543210fedcba9876543210",
        "460-00-03-4",
        "2020-02-02T12:00:00.25+08:00",
        "2020-02-29T23:59:59z",
        "",
        " ",
        "\r",
        "0",
    ]
)
CHANGED = st.tuples(st.sampled_from(GOOD), st.sampled_from("0aAfgGoO/:@`~-TZ \r\x00é")).map(
    lambda pair: GOOD.replace(*pair)
)
LINES = st.one_of(
    st.just(GOOD), st.just(GOOD), CHANGED, st.lists(FIELDS, max_size=6).map(",".join), st.just("")
)


@given(
    st.lists(LINES, max_size=40),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", "\n"]),
    st.permutations(range(3)),
    st.sampled_from([7, 64, 333, blocks.BYTES]),
)
def test_rows_are_the_same_one_by_one(
    lines: list[str], end: str, last: str, order: Sequence[int], at_once: int
) -> None:
    names = [("phone", "cell", "seen_at")[i] for i in order]
    text = end.join(_arranged(line, order) for line in lines) + last
    with TemporaryDirectory() as folder, patch.object(blocks, "BYTES", at_once):
        several = read(csv(Path(folder), ",".join(names) + end + text))
        one_by_one = read(csv(Path(folder), f'"{names[0]}",{names[1]},{names[2]}{end}{text}'))
    assert several == one_by_one


def _arranged(line: str, order: Sequence[int]) -> str:
    fields = line.split(",")
    with suppress(IndexError):
        fields[:3] = [fields[i] for i in order]
    return ",".join(fields)


def test_a_digit_of_a_pseudonym_is_one_of_sixteen_bytes() -> None:
    good = b"0123456789abcdef" * 2
    texts = [good[:at] + bytes([byte]) + good[at + 1 :] for at in range(DIGITS) for byte in range(VALUES)]
    high, low = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.int64)
    sure = np.ones(len(texts), np.bool_)
    read_phones(*Values.of(texts), high, low, sure)
    expected = [set(text) <= set(b"0123456789abcdef") for text in texts]
    assert sure.tolist() == expected
    for text, *halves in zip(np.array(texts, object)[sure], high[sure], low[sure], strict=True):
        assert bytes.fromhex(text.decode()) == b"".join(
            int(h).to_bytes(8, "big", signed=True) for h in halves
        )


@given(st.lists(st.binary(max_size=40), max_size=60))
def test_spellings_are_told_apart(texts: list[bytes]) -> None:
    learnt: list[bytes] = []

    def learn(text: bytes) -> int:
        learnt.append(text)
        return len(learnt) - 1

    spellings = Spellings(learn)
    for _ in range(2):
        numbers = spellings.of(Values.of(texts)).tolist()
        assert [learnt[number] for number in numbers] == texts
    assert len(learnt) == len(set(texts)) == len(spellings)
