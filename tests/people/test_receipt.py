"""A purge's receipt says what it said when it was signed, or is none (rule 19.1)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.codes.keys import PublicKey, key_set
from streams.people.codes.refusals import RefusedError
from streams.people.codes.revocations import read_list
from streams.people.receipt import Purged, Receipt, read_receipt, sealed
from tests.people.codes.issuing import FORGERS, KEYS, NOW, OURS

RECEIPT = Receipt(
    begun=NOW,
    sunset=NOW - 60,
    by=("Wang", "李"),
    brokers="127.0.0.1:9092",
    prefix="",
    topics=(Purged("journal", 4, 1_000), Purged("passes", 4, 0)),
    groups=("shendeng",),
    stores=("home/web: 2 files, 7 bytes",),
    keys=("pass key 0102030405060708",),
    looked_at=NOW + 5,
    looked=("disk /var/kafka",),
    found=(),
    signed_at=NOW + 6,
)


def test_a_receipt_is_read_as_it_was_signed() -> None:
    assert read_receipt(sealed(RECEIPT, OURS), KEYS) == RECEIPT
    bare = replace(RECEIPT, sunset=None, by=(), topics=(), found=("topic journal",))
    assert read_receipt(sealed(bare, OURS), KEYS) == bare


@given(st.data())
def test_a_receipt_with_a_bit_changed_is_none(data: st.DataObject) -> None:
    whole = bytearray(sealed(RECEIPT, OURS))
    place = data.draw(st.integers(0, len(whole) - 1))
    whole[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(RefusedError):
        read_receipt(bytes(whole), KEYS)


def test_another_key_or_one_that_had_ended_signs_none() -> None:
    with pytest.raises(RefusedError):
        read_receipt(sealed(RECEIPT, FORGERS), KEYS)
    ended = key_set(NOW, PublicKey(OURS.private.public_key(), 0, NOW))
    with pytest.raises(RefusedError):
        read_receipt(sealed(RECEIPT, OURS), ended)


def test_a_receipt_is_no_revocation_list() -> None:
    with pytest.raises(RefusedError):
        read_list(sealed(RECEIPT, OURS), KEYS)
