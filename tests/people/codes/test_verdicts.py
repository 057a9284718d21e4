"""What a verifier with no network says of a code, of its clock and of its checks (rules 13.1 to 13.4)."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.codes.claims import LATEST, ClaimsError, Code, Colour, Kind
from streams.people.codes.digits import CheckKey, DigitsError
from streams.people.codes.keys import KEY_ID, PublicKey, key_set
from streams.people.codes.limits import Limits, LimitsError
from streams.people.codes.qr import qr_of
from streams.people.codes.refusals import Refusal, RefusedError
from streams.people.codes.renewal import live, renewed, turned
from streams.people.codes.revocations import list_of, read_list, revocations_of
from streams.people.codes.text import text_of
from streams.people.verify import UNDONE_TOLD, Clock, Undone, Verdict
from tests.people.codes.issuing import (
    CHECK,
    CODE,
    FORGERS,
    KEYS,
    LEEWAY,
    NOW,
    OURS,
    PASS,
    TEXT,
    bytes_of,
    checked,
    holder,
    message,
)

HOUR, DAY = 3600, 86400
LONGEST = Code(b"\xff" * 16, Colour.RED, Kind.PROXY, LATEST - 300, LATEST, 1023)
FRESH = revocations_of(NOW - HOUR, [])
GREEN, YELLOW, RED, UNKNOWN = Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.UNKNOWN
LIMITS = Limits()


def test_the_longest_code_fits_a_qr_of_version_ten_at_level_m() -> None:  # rule 13.1
    text = text_of(LONGEST, OURS)
    assert len(text) == 195
    assert qr_of(text).designator == "8-M"
    with pytest.raises(ValueError, match="version"):
        qr_of("A" * 312)
    assert qr_of("A" * 311).designator == "10-M"


@given(
    st.binary(min_size=16, max_size=16), st.sampled_from(Colour), st.sampled_from(Kind), st.integers(0, 1023)
)
def test_no_code_is_longer_than_the_longest(pass_id: bytes, colour: Colour, kind: Kind, check: int) -> None:
    code = Code(pass_id, colour, kind, NOW, NOW + 300, check)
    assert len(text_of(code, OURS)) <= 195


def test_a_code_holds_id_colour_times_kind_and_check_value_and_nothing_else() -> None:  # rule 13.1
    said = CODE.claims()
    expected = (
        b"\xa4\x04\x1a" + CODE.expires.to_bytes(4, "big")
        + b"\x06\x1a" + CODE.issued.to_bytes(4, "big")
        + b"\x07\x50" + CODE.pass_id
        + b"\x3a\x00\x01\x00\x00\x83\x01\x00\x19" + CODE.check.to_bytes(2, "big")
    )  # fmt: skip
    assert said == expected
    assert len(bytes_of(TEXT)) == 1 + 1 + 14 + 1 + 2 + len(said) + 2 + 64
    assert len(OURS.id) == KEY_ID


def test_the_same_claims_and_key_give_the_same_code() -> None:
    assert text_of(CODE, OURS) == text_of(replace(CODE), OURS) == TEXT


def test_a_check_value_gives_no_digits_away_and_a_stranger_fits_once_in_1024() -> None:  # rule 13.1
    values = [CHECK.value(f"{digits:04}") for digits in range(10_000)]
    assert set(values) == set(range(1024))
    assert max(values.count(value) for value in set(values)) < 30
    assert CHECK.value("123x") == CHECK.value("123X")
    assert [CheckKey(bytes(32)).value(f"{digits:04}") for digits in range(100)] != values[:100]
    assert "secret" not in repr(CHECK)
    assert "123" not in repr(holder())


@pytest.mark.parametrize("digits", ["", "123", "12345", "X234", "12 4", "\uff11\uff12\uff13\uff14", "1234\n"])
def test_what_are_no_four_digits_is_refused_and_not_shown(digits: str) -> None:
    with pytest.raises(DigitsError) as caught:
        CHECK.value(digits)
    assert not digits or digits not in str(caught.value)


def test_a_good_code_of_its_holder_passes_every_check() -> None:  # rule 13.3
    assert checked(TEXT, revocations=FRESH, holder=holder()) == Verdict(CODE, None)


def test_a_verifier_says_which_checks_it_could_not_do() -> None:  # rule 13.3
    verdict = checked(TEXT)
    assert (verdict.refused, verdict.undone) == (None, (Undone.NO_REVOCATIONS, Undone.NO_DIGITS))
    assert not verdict.complete
    assert checked(TEXT, revocations=FRESH).complete
    old = checked(TEXT, revocations=revocations_of(NOW - DAY - 1, []), holder=holder())
    assert (old.refused, old.undone) == (None, (Undone.REVOCATIONS_OLD,))
    assert checked(TEXT, revocations=revocations_of(NOW - DAY, []), holder=holder()).complete
    assert UNDONE_TOLD.keys() == set(Undone)


def test_a_clock_an_hour_behind_is_noticed_by_the_list() -> None:  # rule 13.3
    verdict = checked(TEXT, NOW - HOUR, revocations=replace(FRESH, issued=NOW - 120), holder=holder())
    assert (verdict.refused, verdict.clock, verdict.undone) == (None, Clock.BEHIND, (Undone.CLOCK_BEHIND,))
    assert not verdict.complete


def test_a_clock_behind_does_not_bring_back_what_had_expired_before_the_list() -> None:
    old = replace(CODE, issued=NOW - 3 * HOUR, expires=NOW - 3 * HOUR + 300)
    verdict = checked(text_of(old, OURS), NOW - 3 * HOUR, revocations=FRESH)
    assert (verdict.refused, verdict.clock) == (Refusal.EXPIRED, Clock.BEHIND)


def test_without_a_list_a_clock_an_hour_behind_makes_live_codes_too_early_and_is_doubted() -> None:
    verdict = checked(TEXT, NOW - HOUR)
    assert (verdict.refused, verdict.clock) == (Refusal.NOT_YET_VALID, Clock.DOUBTFUL)


def test_a_clock_an_hour_ahead_makes_live_codes_expired_and_is_doubted() -> None:  # rule 13.3
    verdict = checked(TEXT, NOW + HOUR, revocations=FRESH)
    assert (verdict.refused, verdict.clock) == (Refusal.EXPIRED, Clock.DOUBTFUL)


def test_a_screenshot_of_yesterday_is_expired_and_no_clock_is_doubted() -> None:  # rule 13.4
    verdict = checked(TEXT, NOW + 2 * DAY)
    assert (verdict.refused, verdict.clock) == (Refusal.EXPIRED, Clock.PLAUSIBLE)


def test_an_expired_paper_pass_says_nothing_of_the_clock() -> None:
    verdict = checked(text_of(PASS, OURS), PASS.expires + HOUR)
    assert (verdict.refused, verdict.clock) == (Refusal.EXPIRED, Clock.PLAUSIBLE)


def test_a_screenshot_works_for_five_minutes_and_the_leeway_and_no_longer() -> None:  # rules 13.2, 13.4
    code = live(GREEN, Kind.LIVE, NOW, CODE.pass_id, CODE.check, LIMITS)
    assert checked(text_of(code, OURS), NOW + 300 + LEEWAY - 1).refused is None
    assert checked(text_of(code, OURS), NOW + 300 + LEEWAY).refused is Refusal.EXPIRED


def test_a_live_code_renews_itself_until_its_holder_turns_yellow_or_red() -> None:  # rules 13.2, 13.3
    at, new = CODE.expires - 60, bytes(16)
    again = renewed(CODE, GREEN, at, new, LIMITS)
    assert again == Code(new, GREEN, Kind.LIVE, at, at + 300, CODE.check)
    assert renewed(CODE, YELLOW, at, new, LIMITS) is None
    assert renewed(CODE, RED, at, new, LIMITS) is None
    assert renewed(replace(CODE, colour=RED), YELLOW, at, new, LIMITS) is None
    for before, now in ((YELLOW, YELLOW), (YELLOW, GREEN), (RED, GREEN), (GREEN, UNKNOWN), (UNKNOWN, GREEN)):
        found = renewed(replace(CODE, colour=before), now, at, new, LIMITS)
        assert found is not None
        assert found.colour is now
    assert turned(None, RED)


def test_a_proxys_code_stays_a_proxys_and_paper_is_never_renewed() -> None:
    at = CODE.expires - 60
    again = renewed(replace(CODE, kind=Kind.PROXY), GREEN, at, bytes(16), LIMITS)
    assert again is not None
    assert (again.kind, again.expires - again.issued) == (Kind.PROXY, 300)
    assert renewed(PASS, GREEN, at, bytes(16), LIMITS) is None


def test_a_list_is_signed_and_small_and_says_when_it_was_made() -> None:  # rule 13.3
    passes = [number.to_bytes(16, "little") for number in range(1000)]
    data = list_of(revocations_of(NOW, passes), OURS)
    assert len(data) < 1000 * 8 + 160
    read = read_list(data, KEYS)
    assert read.issued == NOW
    assert [pass_id for pass_id in passes if not read.has(pass_id)] == []
    assert not read.has(b"\xff" * 16)


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (bytes_of(TEXT), Refusal.UNKNOWN_HEADER),
        (list_of(FRESH, FORGERS), Refusal.UNKNOWN_KEY),
        (
            list_of(revocations_of(NOW, [bytes(16)]), OURS).replace(bytes(8), bytes(7) + b"\1"),
            Refusal.BAD_SIGNATURE,
        ),
        (list_of(FRESH, OURS)[:-1], Refusal.TRUNCATED),
        (b"", Refusal.TRUNCATED),
    ],
)
def test_a_list_that_is_not_ours_is_no_list(data: bytes, refusal: Refusal) -> None:
    with pytest.raises(RefusedError) as caught:
        read_list(data, KEYS)
    assert caught.value.refusal is refusal


@pytest.mark.parametrize(
    "claims",
    [
        b"",
        b"\xa0",
        CODE.claims(),
        b"\xa2\x06\x01\x3a\x00\x01\x00\x01\x41\x00\x00",
        b"\xa2\x06\x01\x3a\x00\x01\x00\x01\x49" + bytes(9),
        b"\xa2\x06\x01\x3a\x00\x01\x00\x01\x50" + b"\1" * 8 + bytes(8),
        b"\xa2\x06\x01\x3a\x00\x01\x00\x01\x50" + bytes(16),
    ],
)
def test_a_list_whose_claims_are_none_is_refused(claims: bytes) -> None:
    protected = list_of(FRESH, OURS)[4 : 4 + 0x35]
    with pytest.raises(RefusedError) as caught:
        read_list(message(claims, protected), KEYS)
    assert caught.value.refusal is Refusal.BAD_CLAIMS


def test_a_list_is_signed_by_a_key_in_force() -> None:
    keys = key_set(NOW, PublicKey(OURS.private.public_key(), NOW))
    assert read_list(list_of(revocations_of(NOW, []), OURS), keys).issued == NOW
    with pytest.raises(RefusedError, match="key_out_of_time"):
        read_list(list_of(revocations_of(NOW - 1, []), OURS), keys)


@pytest.mark.parametrize(
    "change",
    [{"pass_id": b""}, {"expires": CODE.issued}, {"check": 1024}, {"issued": -1}, {"expires": 1 << 32}],
)
def test_claims_out_of_range_are_refused_where_they_are_made(change: dict[str, Any]) -> None:
    with pytest.raises(ClaimsError):
        replace(CODE, **change)


@pytest.mark.parametrize(
    "change", [{"live_minutes": 0}, {"paper_hours": 73}, {"clock_leeway": -1}, {"revocations_max_age": 1.5}]
)
def test_limits_out_of_range_are_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(LimitsError, match=next(iter(change))):
        Limits(**change)


def loaded_by(module: str) -> set[str]:
    """Return the modules that a fresh interpreter has once it has imported one."""
    line = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]
    found = set(subprocess.run(line, capture_output=True, text=True, check=True).stdout.split())
    assert module in found
    return found


def test_verifying_needs_no_broker_no_network_and_no_number_crunching() -> None:
    heavy = {"faust", "aiokafka", "kafka", "numba", "numpy", "segno", "reportlab", "fastavro"}
    assert heavy & loaded_by("streams.cli.verify") == set()
    assert (heavy | {"click", "h3", "socket", "asyncio"}) & loaded_by("streams.people.verify") == set()
