"""Rule 6.7: a pseudonym is its key's epoch and a keyed hash of the number; a rotation sends both."""

from __future__ import annotations

from hashlib import blake2b

import pytest

from streams.people.numbers import is_e164
from streams.people.pseudonyms import Key, Keys, KeysError

NUMBER = "+8613800138000"
SECRET = bytes(range(32))
OLD, NEW = Key(1, SECRET), Key(2, SECRET[::-1])


def test_a_pseudonym_is_the_one_the_carriers_page_gives() -> None:
    assert OLD.pseudonym(NUMBER).hex() == "01a44680f2a677a4e42e2f567d41b57c"


def test_a_pseudonym_is_epoch_byte_and_blake2b_keyed_of_fifteen_bytes() -> None:
    for key in (OLD, NEW, Key(255, SECRET)):
        hashed = blake2b(NUMBER.encode(), key=key.secret, digest_size=15).digest()
        assert key.pseudonym(NUMBER) == bytes([key.epoch]) + hashed


def test_outside_a_rotation_a_sighting_is_sent_once_in_one_both() -> None:
    assert Keys(NEW).pseudonyms(NUMBER) == (NEW.pseudonym(NUMBER),)
    assert Keys(NEW, OLD).pseudonyms(NUMBER) == (OLD.pseudonym(NUMBER), NEW.pseudonym(NUMBER))


def test_two_epochs_of_one_number_or_one_key_are_no_rotation() -> None:
    with pytest.raises(KeysError, match="epoch 1 stands twice"):
        Keys(OLD, Key(1, NEW.secret))
    with pytest.raises(KeysError, match="have the same key"):
        Keys(OLD, Key(2, OLD.secret))


def test_a_key_is_not_shown_and_its_proof_tells_it_from_others() -> None:
    told = repr(Keys(NEW, OLD)) + OLD.proof()
    assert SECRET.hex()[:8] not in told
    assert repr(SECRET)[2:10] not in told
    assert len({OLD.proof(), NEW.proof(), Key(1, NEW.secret).proof(), Key(2, SECRET).proof()}) == 4


@pytest.mark.parametrize("text", [NUMBER, "+14155552671", "+447911123456", "+390612345678"])
def test_a_number_is_written_with_plus_and_countrys_code(text: str) -> None:
    assert is_e164(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "13800138000",
        "008613800138000",
        "+86 13800138000",
        "+8613800138000 ",
        "+8613800138000\n",
        "+8613800138000;ext=1",
        "tel:+8613800138000",
        "+4407911123456",
        "+861380013800",
        "+86138001380001",
        "+8612345678901",
        "+999123456789",
        "+" + "1" * 40,
        "+٨٦13800138000",
        "＋8613800138000",  # noqa: RUF001 - a plus of full width is none
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_any_other_spelling_is_none_so_that_a_number_has_one_pseudonym(text: str) -> None:
    assert not is_e164(text)
