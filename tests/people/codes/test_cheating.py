"""Each way to cheat a gate has its own answer (rules 13.1, 13.3)."""

from __future__ import annotations

from dataclasses import replace

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.codes.base45 import CHARACTERS
from streams.people.codes.claims import Code, Colour, Kind
from streams.people.codes.cose import signed
from streams.people.codes.keys import PublicKey, key_set
from streams.people.codes.refusals import TOLD, Refusal
from streams.people.codes.revocations import TYP, list_of, revocations_of
from streams.people.codes.text import PREFIX, text_of
from streams.people.verify import verify
from tests.people.codes.issuing import (
    CODE,
    FORGERS,
    KEYS,
    LEEWAY,
    NEXT,
    NOW,
    OURS,
    PASS,
    TEXT,
    as_text,
    bytes_of,
    checked,
    headers,
    holder,
    message,
)

RED = replace(CODE, colour=Colour.RED)
SAID = CODE.claims()
OUTSIDE = cbor2.dumps({4: OURS.id})
MORE = cbor2.dumps({**cbor2.loads(SAID), 1: "us"}, canonical=True)
REPEATED = CODE.claims()[:1].replace(b"\xa4", b"\xa5") + CODE.claims()[1:] + CODE.claims()[1:7]
INDEFINITE = b"\xbf" + CODE.claims()[1:] + b"\xff"
LONG_INTEGER = CODE.claims().replace(b"\x06\x1a", b"\x06\x1b\0\0\0\0")

FORGED = [
    ("red changed to green", bytes_of(text_of(RED, OURS)).replace(b"\x83\3", b"\x83\1"), "bad_signature"),
    ("its life made a longer number", bytes_of(TEXT).replace(b"\4\x1a", b"\4\x1b"), "bad_signature"),
    ("another expiry", bytes_of(TEXT).replace(CODE.claims()[3:6], b"\xff" * 3), "bad_signature"),
    ("signed by a forger", signed(CODE.claims(), FORGERS), "unknown_key"),
    ("signed by a forger under our key's id", message(key=FORGERS), "bad_signature"),
    ("signed by us under our other key's id", message(protected=headers(key=NEXT)), "bad_signature"),
    ("algorithm ES384", message(protected=headers(-35)), "unknown_algorithm"),
    ("algorithm HMAC with the public key", message(protected=headers(5)), "unknown_algorithm"),
    ("algorithm none", message(protected=headers(0)), "unknown_algorithm"),
    ("algorithm as text", message(protected=headers("ES256")), "unknown_algorithm"),
    ("algorithm as a broken number", message(protected=headers(-7.0)), "not_canonical"),
    ("no algorithm", message(protected=OUTSIDE), "unknown_algorithm"),
    ("no headers", message(protected=b""), "truncated"),
    ("algorithm outside the signature", message(protected=OUTSIDE, unprotected={1: -7}), "unknown_header"),
    ("key id outside the signature", message(unprotected={4: NEXT.id}), "unknown_header"),
    ("no key id", message(protected=cbor2.dumps({1: -7})), "unknown_header"),
    ("a critical header that nobody knows", message(protected=headers(_2=[99], _99=1)), "unknown_header"),
    ("a list's type", message(protected=headers(_16=TYP)), "unknown_header"),
    ("a header twice", message(protected=b"\xa3" + headers()[1:] + b"\1\x26"), "not_canonical"),
    ("headers in another order", message(protected=b"\xa2" + headers()[3:] + b"\1\x26"), "not_canonical"),
    ("unsigned claims", CODE.claims(), "unsigned"),
    ("an empty signature", bytes_of(TEXT)[:-66] + b"\x40", "unsigned"),
    ("half a signature", bytes_of(TEXT)[:-66] + b"\x58\x20" + bytes(32), "bad_signature"),
    ("a signature of zeros", bytes_of(TEXT)[:-64] + bytes(64), "bad_signature"),
    ("a MAC", message(tag=17), "unsigned"),
    ("encrypted", message(tag=16), "unsigned"),
    ("a CWT tag around it", b"\xd8\x3d" + bytes_of(TEXT), "unsigned"),
    ("a claim twice", message(REPEATED), "bad_claims"),
    ("a map of unknown length", message(INDEFINITE), "bad_claims"),
    ("a number with a longer head", message(LONG_INTEGER), "bad_claims"),
    ("bytes after the claims", message(CODE.claims() + b"\0"), "bad_claims"),
    ("bytes after the end", bytes_of(TEXT) + b"\0", "not_canonical"),
    ("another code after the end", bytes_of(TEXT)[:60] + bytes_of(TEXT)[60:] + b"\xa0", "not_canonical"),
    ("a longer head for the signature", bytes_of(TEXT).replace(b"\x58\x40", b"\x59\0\x40"), "not_canonical"),
    ("one more claim", message(MORE), "bad_claims"),
    ("a colour that nobody knows", message(CODE.claims().replace(b"\x83\1\0", b"\x83\4\0")), "bad_claims"),
    ("a colour below the first", message(CODE.claims().replace(b"\x83\1\0", b"\x83\x20\0")), "bad_claims"),
    ("a colour that is true", message(CODE.claims().replace(b"\x83\1\0", b"\x83\xf5\0")), "bad_claims"),
    ("a kind that nobody knows", message(CODE.claims().replace(b"\x83\1\0", b"\x83\1\3")), "bad_claims"),
    ("claims that are none", message(b"\xa0"), "bad_claims"),
    ("nothing", b"", "truncated"),
    ("something else", cbor2.dumps([1, 2, 3]), "unsigned"),
    ("nested arrays", b"\x81" * 90 + b"\0", "not_canonical"),
    ("a text of great length that is not there", b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff", "truncated"),
    ("a map of great length", b"\xbb\0\0\0\xff\xff\xff\xff\xff", "truncated"),
]  # fmt: skip
"""What was done, the bytes, and the answer."""


@pytest.mark.parametrize(("data", "code"), [row[1:] for row in FORGED], ids=[row[0] for row in FORGED])
def test_a_forged_code_is_refused(data: bytes, code: str) -> None:
    verdict = checked(as_text(data))
    assert (verdict.refused, verdict.code) == (code, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_code"),
        ("SD", "truncated"),
        (PREFIX, "truncated"),
        ("HC1:" + TEXT[4:], "not_a_code"),
        (TEXT.lower(), "not_a_code"),
        (f" {TEXT}", "not_a_code"),
        (PREFIX + ":::" + TEXT[7:], "not_a_code"),
        (TEXT + "\n", "not_a_code"),
        (TEXT + "0", "not_canonical"),
        (TEXT + TEXT[4:], "too_long"),
        ("9" * 10_000_000, "too_long"),
    ],
)
def test_a_text_that_is_no_code_is_refused(text: str, code: str) -> None:
    assert checked(text).refused == code


@given(st.integers(1, len(TEXT) - 1))
def test_a_truncated_code_is_told_so(length: int) -> None:
    assert checked(TEXT[:length]).refused is Refusal.TRUNCATED


def test_a_code_lives_from_its_issue_to_its_expiry_give_or_take_two_minutes() -> None:
    for now, refused in (
        (CODE.issued - LEEWAY - 1, Refusal.NOT_YET_VALID),
        (CODE.issued - LEEWAY, None),
        (CODE.expires + LEEWAY - 1, None),
        (CODE.expires + LEEWAY, Refusal.EXPIRED),
    ):
        assert checked(TEXT, now).refused is refused


def test_another_persons_digits_do_not_fit() -> None:
    assert checked(TEXT, holder=holder()).refused is None
    assert checked(TEXT, holder=holder("123x")).refused is None
    assert checked(TEXT, holder=holder("1234")).refused is Refusal.OTHER_DIGITS


def test_a_revoked_pass_is_refused_by_an_old_list_too() -> None:
    for age in (0, 25 * 3600):
        listed = revocations_of(NOW - age, [PASS.pass_id])
        assert checked(text_of(PASS, OURS), revocations=listed).refused is Refusal.REVOKED


def test_a_list_is_no_code_and_a_code_is_no_list() -> None:
    listed = list_of(revocations_of(NOW, []), OURS)
    assert checked(as_text(listed)).refused is Refusal.UNKNOWN_HEADER


def test_a_code_that_its_issuer_should_not_have_signed_is_refused() -> None:
    keys = key_set(0, PublicKey(OURS.private.public_key(), NOW - 30))
    assert verify(TEXT, keys=keys, now=NOW).refused is Refusal.KEY_OUT_OF_TIME
    keys = key_set(0, PublicKey(OURS.private.public_key(), 0, NOW - 60))
    assert verify(TEXT, keys=keys, now=NOW).refused is Refusal.KEY_OUT_OF_TIME
    long = replace(PASS, expires=PASS.expires + 1)
    assert checked(text_of(long, OURS)).refused is Refusal.LASTS_TOO_LONG


def test_every_refusal_is_told_and_has_a_way_to_it_here() -> None:
    assert TOLD.keys() == set(Refusal)
    assert {row[2] for row in FORGED} | {"too_long", "not_a_code", "not_yet_valid", "expired", "revoked"} | {
        "other_digits",
        "key_out_of_time",
        "lasts_too_long",
    } == set(Refusal)


@given(st.integers(0, 126), st.integers(1, 255))
def test_no_changed_byte_makes_a_code_say_anything(place: int, change: int) -> None:
    data = bytearray(bytes_of(TEXT))
    data[place] ^= change
    verdict = checked(as_text(bytes(data)))
    assert verdict.code is None
    assert verdict.refused is not None


@given(st.integers(0, len(TEXT) - 1), st.sampled_from(CHARACTERS))
def test_no_changed_character_makes_a_code_say_anything(place: int, character: str) -> None:
    text = TEXT[:place] + character + TEXT[place + 1 :]
    assert (checked(text).code is None) == (text != TEXT)


def test_the_twin_of_a_signature_says_nothing_else() -> None:
    data, order = bytes_of(TEXT), 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = data[:-32] + (order - int.from_bytes(data[-32:], "big")).to_bytes(32, "big")
    assert twin != data
    assert checked(as_text(twin)).code == CODE


@given(st.binary(max_size=130))
def test_no_bytes_make_it_fail_otherwise_than_by_refusing(data: bytes) -> None:
    assert checked(as_text(data)).refused is not None


@given(
    st.builds(
        Code,
        st.binary(min_size=16, max_size=16),
        st.sampled_from(Colour),
        st.sampled_from(Kind),
        st.integers(NOW - 1000, NOW),
        st.integers(NOW + 1, NOW + 3600),
        st.integers(0, 1023),
    )
)
def test_what_was_signed_is_what_is_read(code: Code) -> None:
    verdict = checked(text_of(code, OURS))
    assert (verdict.code, verdict.refused) == (code, None)
    assert KEYS.at(NOW).id in KEYS.keys
