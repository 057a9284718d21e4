"""COSE_Sign1 against the vectors of RFC 8392 and of the COSE working group, and read in one way only."""

from __future__ import annotations

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from streams.people.codes.cose import holds, to_be_signed
from streams.people.codes.keys import KeySetError, PublicKey, id_of, key_set
from tests.people.codes.issuing import KEYS, OURS

CWT_KEY = (
    "c4f9160fc22682991c59c4d96e8accc2da3cc7b7a9bc197c7c1e1bc6d0c1dc61",
    "feb11ca73b028a10cf77d58a2dfdf2a11eab8ffeeeaaeeb03097ffee9f3ef2fc",
)
COSE_KEY = (
    "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff",
    "20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e",
)
VECTORS = [
    (  # RFC 8392, A.3
        CWT_KEY,
        (
            "d28447a20319fde80126a05853a70175636f61703a2f2f61732e6578616d706c652e636f6d02656572696b77037818636f"
            "61703a2f2f6c696768742e6578616d706c652e636f6d04c11a5612aeb005c11a5610d9f006c11a5610d9f007420b715840"
            "8caad9ebd60e5f41cd683771e8a02cade07d894dd1cfaf3a23c6481546e78febc0c13e8f649096f347480db3e8c16cddc0"
            "4116a3874cf0a4da2f4cb2d67c8eb0"
        ),
        b"",
        True,
    ),
    (  # COSE working group's examples: ecdsa-sig-01
        COSE_KEY,
        (
            "d28445a201260300a10442313154546869732069732074686520636f6e74656e742e5840eae868ecc176883766c5dc5ba5"
            "b8dca25dab3c2e56a551ce5705b793914348e172727f48461fabbba2e343492ddecac3983686250bc68e9f1a7a07d41225"
            "b59f"
        ),
        b"",
        True,
    ),
    (  # sign-pass-02: external data is signed too
        COSE_KEY,
        (
            "d28443a10126a10442313154546869732069732074686520636f6e74656e742e5840eae868ecc176883766c5dc5ba5b8dc"
            "a25dab3c2e56a551ce5705b793914348e155388b10c4f1b59a6733eab416870a945111a4b2fbdbef33a77234b1deff2f9b"
        ),
        bytes.fromhex("11aa22bb33cc44dd55006699"),
        True,
    ),
    (  # sign-fail-02: one letter of the content changed
        COSE_KEY,
        (
            "d28443a10126a10442313154546869732069732074686520636f6e74656e742f5840eae868ecc176883766c5dc5ba5b8dc"
            "a25dab3c2e56a551ce5705b793914348e19f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c5794"
        ),
        b"",
        False,
    ),
    (  # sign-fail-03: the algorithm changed to -999
        COSE_KEY,
        (
            "d28445a1013903e6a10442313154546869732069732074686520636f6e74656e742e5840eae868ecc176883766c5dc5ba5"
            "b8dca25dab3c2e56a551ce5705b793914348e19f43d6c6ba654472da301b645b293c9ba939295b97c4bdb847782bff384c"
            "5794"
        ),
        b"",
        False,
    ),
]


def public(x: str, y: str) -> ec.EllipticCurvePublicKey:
    return ec.EllipticCurvePublicNumbers(int(x, 16), int(y, 16), ec.SECP256R1()).public_key()


@pytest.mark.parametrize(("key", "message", "external", "good"), VECTORS)
def test_a_signature_of_others_holds_where_they_say_so(
    key: tuple[str, str], message: str, external: bytes, *, good: bool
) -> None:
    protected, _, payload, signature = cbor2.loads(bytes.fromhex(message)).value
    assert holds(public(*key), to_be_signed(protected, payload, external), signature) is good


def test_what_is_signed_is_the_structure_of_the_rfc() -> None:
    found = to_be_signed(bytes.fromhex("a201260300"), b"This is the content.")
    assert found.hex() == ("846a5369676e61747572653145a2012603004054546869732069732074686520636f6e74656e742e")


def test_a_keys_id_is_the_beginning_of_its_thumbprint_by_rfc_9679() -> None:
    x, y = (  # RFC 9679, 6: the example
        "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d",
        "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c",
    )
    whole = "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec"
    assert id_of(public(x, y)).hex() == whole[:16]


def test_numbers_of_another_length_are_no_signature() -> None:
    signature = bytes(63) + b"\1"
    for wrong in (b"", signature[1:], signature + b"\0", bytes(64), b"\xff" * 64):
        assert not holds(OURS.private.public_key(), b"", wrong)


def test_keys_of_another_curve_twice_or_without_a_time_are_refused() -> None:
    with pytest.raises(KeySetError, match="P-256, found one on secp384r1"):
        PublicKey(ec.derive_private_key(5, ec.SECP384R1()).public_key(), 0)
    with pytest.raises(KeySetError, match="end after it begins"):
        PublicKey(OURS.private.public_key(), 5, 5)
    ours = KEYS.keys[OURS.id]
    with pytest.raises(KeySetError, match="twice"):
        key_set(0, ours, ours)
    with pytest.raises(KeySetError, match="no key is in force"):
        key_set(0, PublicKey(OURS.private.public_key(), 5)).at(4)


def test_a_private_key_and_digits_are_not_shown() -> None:
    assert "4711" not in repr(OURS)
    assert str(OURS.private.private_numbers().private_value) not in repr(OURS)
