"""Base45 by RFC 9285: its own examples, and one text for each bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.codes.base45 import CHARACTERS, Base45Error, decoded, encoded

EXAMPLES = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
]
"""RFC 9285, 4.3 and 4.4."""


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_rfcs_examples(data: bytes, text: str) -> None:
    assert encoded(data) == text
    assert decoded(text) == data


@pytest.mark.parametrize("text", ["GGW", ":::", "BB8GGW", "BB8:::BB8"])
def test_a_group_larger_than_two_bytes_is_refused(text: str) -> None:
    with pytest.raises(Base45Error) as caught:
        decoded(text)
    assert not (caught.value.cut and len(text) > 3)


@pytest.mark.parametrize("text", ["A", "BB8A", "BB8:::"[:5], "::"])
def test_a_group_that_is_cut_is_told_so(text: str) -> None:
    with pytest.raises(Base45Error) as caught:
        decoded(text)
    assert caught.value.cut


@pytest.mark.parametrize("text", ["bb8", "BB?", "BB\uff18", "BB\n", "BB\0", "BÀ8", "B\udc808"])
def test_any_other_character_is_refused(text: str) -> None:
    with pytest.raises(Base45Error, match="45"):
        decoded(text)


@given(st.binary(max_size=200))
def test_what_is_encoded_is_decoded(data: bytes) -> None:
    assert decoded(encoded(data)) == data


@given(st.text(CHARACTERS, max_size=40))
def test_bytes_have_no_second_text(text: str) -> None:
    try:
        data = decoded(text)
    except Base45Error:
        return
    assert encoded(data) == text
