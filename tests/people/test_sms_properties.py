"""What holds of asking by SMS whatever is sent, in whatever order (rules 14.1 to 14.3)."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from streams.people.sms.dialogue import (
    DIALOGUE,
    HOUR,
    NOBODY,
    TEXTS,
    TRIES,
    Asker,
    Look,
    Move,
    Say,
    heard,
)
from streams.people.sms.grammar import GRAMMARS, read
from streams.people.sms.parts import MOST, NAME, length, parts
from streams.people.sms.said import SmsInbound, What

TEXT = st.one_of(
    st.sampled_from(
        ["CXMYD", "cxmyd en", "CXMYD#1234", "CXMYD#123X#EN", "Y", "Y1234", "y 123x", "1234", "N"]
    ),
    st.text(max_size=80),
    st.text("CXMYDEN#Y123 同意", max_size=14),
)
SENT = st.lists(
    st.tuples(
        st.sampled_from([*What]),
        st.sampled_from([None, "zh", "en"]),
        st.sampled_from([None, 0, 1023]),
        st.integers(0, 900),
    ),
    max_size=40,
)
CARRIERS = st.sampled_from(sorted(GRAMMARS))
NAMES = st.lists(st.text(min_size=1, max_size=NAME // 2).map(str.strip).filter(bool), max_size=30)


def run(
    carrier: str, sent: list[tuple[What, str | None, int | None, int]]
) -> list[tuple[int, SmsInbound, Move]]:
    """Return time, text and move of texts that come so many seconds after each other."""
    state, time, found = NOBODY, 0, []
    for number, (what, language, check, after) in enumerate(sent):
        time += after
        sms = SmsInbound(f"m-{number}", carrier, what, language, check)
        state, move = heard(state, GRAMMARS[carrier], sms, time)
        found.append((time, sms, move))
    return found


@given(CARRIERS, SENT)
def test_never_more_than_three_tries_from_one_try_until_an_hour_later_and_the_fourth_text_is_met_with_silence(
    carrier: str, sent: list[tuple[What, str | None, int | None, int]]
) -> None:
    first, tries = 0, 0
    for time, _, move in run(carrier, sent):
        if tries and time >= first + HOUR:
            tries = 0
        if tries == TRIES:
            assert move is None
        if isinstance(move, Look):
            first, tries = (time, 1) if not tries else (first, tries + 1)


@given(CARRIERS, SENT)
def test_nothing_is_looked_up_without_keyword_and_consent_in_the_ten_minutes_before(
    carrier: str, sent: list[tuple[What, str | None, int | None, int]]
) -> None:
    opened = consented = -DIALOGUE
    for time, sms, move in run(carrier, sent):
        if move is None:
            continue
        opened = time if sms.what == What.OPENS else opened
        consented = time if sms.what == What.CONSENTS else consented
        if isinstance(move, Look):
            assert sms.check is not None
            assert (
                opened == time
                if GRAMMARS[carrier].at_once
                else opened <= consented <= time < opened + DIALOGUE
            )


@given(CARRIERS, SENT)
def test_a_text_that_comes_twice_changes_nothing_and_is_met_with_silence(
    carrier: str, sent: list[tuple[What, str | None, int | None, int]]
) -> None:
    state, again, time = NOBODY, NOBODY, 0
    for number, (what, language, check, after) in enumerate(sent):
        time += after
        sms = SmsInbound(f"m-{number}", carrier, what, language, check)
        state, move = heard(state, GRAMMARS[carrier], sms, time)
        again, same = heard(again, GRAMMARS[carrier], sms, time)
        assert same == move
        assert again == state
        if any(sms.message == message for message, _ in state.heard):
            again, silence = heard(again, GRAMMARS[carrier], sms, time + min(DIALOGUE - 1, 60))
            assert silence is None
            again = state


@given(CARRIERS)
def test_upon_twenty_texts_in_ten_minutes_there_is_silence_until_there_are_fewer(carrier: str) -> None:
    asked: list[tuple[What, str | None, int | None, int]] = [
        (What.OPENS, None, None, second) for second in (0, *[5] * 118, DIALOGUE, 5)
    ]
    found = run(carrier, asked)
    assert [time for time, _, move in found if move is not None] == [*range(0, 100, 5), 1190, 1195]
    state = NOBODY
    for time, sms, _ in found:
        state, _ = heard(state, GRAMMARS[carrier], sms, time)
        assert len(state.heard) <= TEXTS


@given(CARRIERS, SENT, st.integers(0, 10_000))
def test_a_phone_of_which_nothing_is_left_is_as_one_that_never_asked(
    carrier: str, sent: list[tuple[What, str | None, int | None, int]], later: int
) -> None:
    state, time = NOBODY, 0
    for number, (what, language, check, after) in enumerate(sent):
        time += after
        state, _ = heard(
            state, GRAMMARS[carrier], SmsInbound(f"m-{number}", carrier, what, language, check), time
        )
    assert state.at(state.forgotten() + later) == NOBODY
    assert state == NOBODY or state.at(state.forgotten() - 1) != NOBODY


@given(TEXT, CARRIERS)
def test_a_text_is_read_or_not_and_its_case_and_width_change_nothing(text: str, carrier: str) -> None:
    said = read(GRAMMARS[carrier], text)
    wide = "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in text)
    assert read(GRAMMARS[carrier], wide) == said
    if text.isascii():
        assert read(GRAMMARS[carrier], text.lower()) == said
    if said is not None and said.digits is not None:
        assert re.fullmatch("[0-9]{3}[0-9X]", said.digits)


@given(NAMES)
def test_parts_are_short_and_numbered_and_hold_every_city_whole_and_in_order(names: list[str]) -> None:
    pieces = ["本机近14天停留4小时以上的城市：", *(f"{name}、" for name in names)]
    found = parts(pieces)
    assert all(length(part) <= MOST for part in found)
    texts = [part.removeprefix(f"{at}/{len(found)} ") for at, part in enumerate(found, 1)]
    if len(found) == 1:
        texts = list(found)
    assert "".join("".join(texts).split()) == "".join("".join(pieces).split())
    left = [*pieces]
    for text in texts:
        taken = ""
        while left and len((taken + left[0]).rstrip()) <= len(text):
            taken = (taken + left.pop(0)).lstrip()
        assert taken.rstrip() == text
    assert not left


def test_what_is_said_has_a_word_in_both_languages() -> None:
    assert {type(move) for _, _, move in run("mobile", [(What.OPENS, "en", None, 0)])} == {Say}
    assert Asker() == NOBODY
