"""Exact counts by hex as they are read: columns of one length, and nobody fewer than nobody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from streams import codecs
from streams.people.hex_counts import HexPartial

GOOD = HexPartial(0, 900_000, [1, 2], [0, 1], [0, 2], [0, 3], [0, 4])


@pytest.mark.parametrize("change", [{"red": [1]}, {"hexes": []}, {"unknown": [0, -1]}, {"partition": -1}])
def test_counts_that_cannot_be_are_refused(change: dict[str, Any]) -> None:
    value = codecs.encode_hex_partial(replace(GOOD, **change))
    with pytest.raises(codecs.CodecError, match="bad_value"):
        codecs.decode_hex_partial(value)


def test_a_hexs_key_is_its_fifteen_digits() -> None:
    assert codecs.hex_key(0x872A1072BFFFFFF) == b"872a1072bffffff"
