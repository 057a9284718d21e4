"""Keys change with an overlap, and a leaked one is dropped at once (rule 13.1)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from streams.people.codes.keys import KeySetError, PublicKey, key_set
from streams.people.codes.limits import Limits
from streams.people.codes.published import document_of, key_set_of
from streams.people.codes.refusals import Refusal
from streams.people.codes.rotation import rotated, without
from streams.people.codes.text import text_of
from streams.people.verify import verify
from tests.people.codes.issuing import FORGERS, NEXT, NOW, OURS, PAPER, PASS

LIMITS = Limits()
DAY = 86400
FIRST = rotated(None, OURS.private.public_key(), NOW, DAY, LIMITS)
SECOND = rotated(FIRST, NEXT.private.public_key(), NOW + DAY, DAY, LIMITS)


def test_the_first_key_begins_at_once() -> None:
    assert FIRST.at(NOW).id == OURS.id
    assert FIRST.issued == NOW


def test_the_next_key_is_published_a_day_before_it_signs() -> None:  # rule 13.1
    begins = NOW + 2 * DAY
    assert SECOND.at(begins - 1).id == OURS.id
    assert SECOND.at(begins).id == NEXT.id
    last = replace(PASS, issued=begins - 1, expires=begins - 1 + PAPER)
    for at in (begins, last.expires - 1):
        assert verify(text_of(last, OURS), keys=SECOND, now=at).refused is None
    first = replace(PASS, issued=begins, expires=begins + PAPER)
    assert verify(text_of(first, NEXT), keys=SECOND, now=begins).refused is None


def test_an_ended_key_signs_nothing_new() -> None:
    late = replace(PASS, issued=NOW + 2 * DAY, expires=NOW + 2 * DAY + PAPER)
    assert verify(text_of(late, OURS), keys=SECOND, now=late.issued).refused is Refusal.KEY_OUT_OF_TIME


def test_an_ended_key_stays_until_its_last_pass_has_expired() -> None:
    ended = NOW + 2 * DAY
    last = ended + PAPER + LIMITS.clock_leeway
    assert OURS.id in rotated(SECOND, FORGERS.private.public_key(), last - 1, DAY, LIMITS).keys
    assert OURS.id not in rotated(SECOND, FORGERS.private.public_key(), last, DAY, LIMITS).keys


def test_a_key_that_waits_is_waited_for() -> None:
    with pytest.raises(KeySetError, match=f"key {NEXT.id.hex()} is waiting"):
        rotated(SECOND, FORGERS.private.public_key(), NOW + DAY, DAY, LIMITS)


def test_a_leaked_key_is_dropped_and_the_new_one_begins_at_once() -> None:
    now = NOW + DAY + 5
    keys = rotated(without(SECOND, OURS.id, now), FORGERS.private.public_key(), now, DAY, LIMITS)
    assert list(keys.keys) == [FORGERS.id]
    assert keys.at(now).id == FORGERS.id
    assert verify(text_of(PASS, OURS), keys=keys, now=now).refused is Refusal.UNKNOWN_KEY
    with pytest.raises(KeySetError, match="there is no key 00"):
        without(SECOND, b"\0", now)


def test_what_is_published_is_read_back_and_shows_no_private_part() -> None:
    told = json.dumps(document_of(SECOND))
    assert key_set_of(json.loads(told)).keys.keys() == SECOND.keys.keys()
    read = key_set_of(json.loads(told))
    assert (read.issued, read.at(NOW).until) == (NOW + DAY, NOW + 2 * DAY)
    assert '"d"' not in told
    assert set(document_of(FIRST)["keys"][0]) == {
        "kid",
        "kty",
        "crv",
        "alg",
        "use",
        "x",
        "y",
        "from",
        "until",
    }


JWK: dict[str, Any] = document_of(FIRST)["keys"][0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kty": "RSA"}, "key 1: expected kid, kty EC"),
        ({"crv": "P-384"}, "key 1: expected kid"),
        ({"alg": "none"}, "key 1: expected kid"),
        ({"d": "AA"}, "no private part"),
        ({"kid": NEXT.id.hex()}, f"expected the kid {OURS.id.hex()}"),
        ({"x": JWK["y"]}, "a point on P-256"),
        ({"x": "AA"}, "a point on P-256"),
        ({"x": "é"}, "a point on P-256"),
        ({"from": 5}, "a time with its offset"),
        ({"from": "2026-11-28T00:00:00"}, "a time with its offset"),
        ({"until": "soon"}, "a time with its offset"),
        ({"until": "2001-11-28T00:00:00Z"}, "end after it begins"),
    ],
)
def test_a_bad_key_of_a_document_is_named(change: dict[str, Any], told: str) -> None:
    with pytest.raises(KeySetError, match=told):
        key_set_of({"issued": "2026-11-28T00:00:00Z", "keys": [JWK | change]})


@pytest.mark.parametrize(
    "document", [None, [], {}, {"issued": 1, "keys": []}, {"issued": "2026-11-28T00:00:00Z"}]
)
def test_a_document_that_is_no_key_set_is_refused(document: object) -> None:
    with pytest.raises(KeySetError, match="expected `issued` and a list `keys`"):
        key_set_of(document)
    assert key_set(0, PublicKey(OURS.private.public_key(), 0)).keys.keys() == {OURS.id}
