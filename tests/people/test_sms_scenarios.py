"""Rules 14.1 to 14.4 as somebody with a telephone of keys would tell them (14-sms.yaml)."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.people.pseudonyms import Key, Keys
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.parts import MOST, length
from streams.people.sms.said import SmsInbound, SmsOutbound
from streams.people.sms.switchboard import NumberError, Sending, Switchboard
from tests.people import sms_course
from tests.people.sms_course import CHECKS, KEYS, NUMBER, START, Dialogue, Scenario
from tests.people.told import told

ALL = [Scenario(**row) for row in told(Path(__file__).parent / "14-sms.yaml")]
ANSWER = SmsOutbound("m-1", "mobile", ("1/1",), START + 10_000)


@pytest.mark.parametrize("scenario", ALL, ids=lambda scenario: f"{scenario.rule} {scenario.name}")
def test_what_is_asked_is_answered_as_expected(scenario: Scenario) -> None:
    assert sms_course.told(scenario) == scenario.expect


def test_every_rule_of_the_chapter_is_told() -> None:
    assert {scenario.rule for scenario in ALL} == {"14.1", "14.2", "14.3", "14.4"}


def test_no_answer_that_is_expected_is_longer_than_a_text_message() -> None:
    expected = [part for one in ALL if one.itinerary for part in one.expect]
    assert len(expected) > 5
    assert max(map(length, expected)) <= MOST


def test_neither_number_nor_digits_pass_the_bridge() -> None:
    came = Dialogue(Scenario("14.4", "", None, texts=["0 CXMYD", "1 Y123X EN"])).entered
    assert came == [
        SmsInbound("m-0", "mobile", "opens"),
        SmsInbound("m-1", "mobile", "consents", "en", CHECKS.value("123X")),
    ]


def test_a_number_is_forgotten_ten_minutes_after_its_last_text_and_no_answer_finds_it_then() -> None:
    board = Switchboard(GRAMMARS["mobile"], KEYS, CHECKS)
    phone, _ = board.inward("m-0", NUMBER, "CXMYD", START) or (b"", None)
    board.inward("m-1", NUMBER, "Y", START + 300)
    assert board.outward(phone, ANSWER, START + 899) == Sending(NUMBER, ("1/1",), START + 900)
    assert (board.outward(phone, ANSWER, START + 900), len(board)) == (None, 0)


def test_what_says_nothing_is_not_kept_and_what_is_no_number_is_refused_without_showing_it() -> None:
    board = Switchboard(GRAMMARS["mobile"], KEYS, CHECKS)
    assert (board.inward("m-0", NUMBER, "my ID is 331002199001011234", START), len(board)) == (None, 0)
    with pytest.raises(NumberError) as refused:
        board.inward("m-1", "13912345678", "CXMYD", START)
    assert "139" not in str(refused.value)
    assert NUMBER not in repr(board)


def test_an_answer_of_another_carrier_or_out_of_time_is_not_sent() -> None:
    board = Switchboard(GRAMMARS["mobile"], KEYS, CHECKS)
    phone, _ = board.inward("m-0", NUMBER, "CXMYD", START) or (b"", None)
    assert board.outward(phone, SmsOutbound("m-0", "unicom", ("x",), START + 9), START) is None
    assert board.outward(phone, SmsOutbound("m-0", "mobile", ("x",), START + 9), START + 9) is None


def test_during_a_rotation_the_old_pseudonym_is_asked_about_whose_diary_is_whole() -> None:
    new = Key(2, bytes(range(2, 34)))
    board = Switchboard(GRAMMARS["mobile"], Keys(new, KEYS.current), CHECKS)
    phone, _ = board.inward("m-0", NUMBER, "CXMYD", START) or (b"", None)
    assert phone == KEYS.current.pseudonym(NUMBER)
    after = Switchboard(GRAMMARS["mobile"], Keys(new), CHECKS)
    assert (after.inward("m-0", NUMBER, "CXMYD", START) or (b"", None))[0] == new.pseudonym(NUMBER)
