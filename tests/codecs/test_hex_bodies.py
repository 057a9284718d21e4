"""Exact counts by hex as they are read: four for each hex, and bytes of neither left over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streams import codecs
from tests.people.counted import partial_of

GOOD = partial_of(0, 900_000, {1: (0, 1, 2, 3), 2: (4, 5, 6, 7)})


@pytest.mark.parametrize(
    "change",
    [{"phones": GOOD.phones[:-16]}, {"hexes": b""}, {"hexes": GOOD.hexes + b"x"}, {"partition": -1}],
)
def test_counts_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    value = codecs.encode_hex_partial(replace(GOOD, **change))
    with pytest.raises(codecs.CodecError, match="bad_value"):
        codecs.decode_hex_partial(value)


def test_a_hexs_key_is_its_fifteen_digits() -> None:
    assert codecs.hex_key(0x872A1072BFFFFFF) == b"872a1072bffffff"
