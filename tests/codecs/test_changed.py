"""Changes written from columns are, byte for byte, those written from objects."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from streams import codecs
from streams.codecs.lines import ROWS
from streams.domain.records import ColourChanged, Reason
from streams.window.changes import Changes
from tests.properties.seeds import patient
from tests.window.any_changes import changes
from tests.window.told import columns_of


def read(written: codecs.Written) -> list[tuple[bytes, ...]]:
    return [
        tuple(written.data[begin:end].tobytes() for begin, end in span.reshape(3, 2))
        for span in written.spans
    ]


def headers(change: ColourChanged) -> bytes:
    """Return a record's headers as https://kafka.apache.org/documentation/#record writes them."""
    found = codecs.change_headers(change)
    parts = [(part if isinstance(part, bytes) else part.encode()) for one in found for part in one]
    assert all(len(part) < 64 for part in parts)
    return bytes([2 * len(found)]) + b"".join(bytes([2 * len(part)]) + part for part in parts)


@patient
@given(st.lists(changes, max_size=4), st.data())
def test_key_value_and_headers_are_those_of_the_object(
    made: list[ColourChanged], data: st.DataObject
) -> None:
    begin, end = sorted(data.draw(st.integers(0, len(made))) for _ in range(2))
    columns = columns_of(made, 3, 1 << 40)
    assert Changes([columns]) == made
    written = codecs.written_changes(columns, begin, end, codecs.change_head())
    expected = [(one.phone, codecs.encode_change(one), headers(one)) for one in made[begin:end]]
    assert read(written) == expected


@patient
@given(st.lists(st.lists(changes, max_size=4), max_size=3))
def test_lines_are_those_of_the_objects(made: list[list[ColourChanged]]) -> None:
    lines = codecs.ChangeLines()
    found = [b"".join(lines.of(columns_of(some, 3, 1 << 40))) for some in made]
    expected = ["".join(codecs.change_json(one) + "\n" for one in some) for some in made]
    assert found == [text.encode() for text in expected]


def test_an_areas_id_is_spelt_as_json_whatever_is_in_it() -> None:
    ids = ["", '"', "\\", "\\u0000", "\0", "\1", "\n\x1f\x7f", "市场", "\u2028", "\U0001f9ed", "<&>"]
    reasons = tuple(Reason("STAYED", name, 1, 0, 900, 0) for name in ids)
    change = ColourChanged(bytes(16), 1, None, "red", reasons, 0, 0, None, 0, None)
    [line] = codecs.ChangeLines().of(columns_of([change], 0, None))
    assert bytes(line).decode() == codecs.change_json(change) + "\n"
    assert [reason["area"] for reason in json.loads(bytes(line))["data"]["reasons"]] == ids


def test_more_changes_than_are_written_at_once_are_lines_in_their_order() -> None:
    made = [
        ColourChanged(
            bytes(16),
            number,
            "green",
            "red",
            (Reason("STAYED", "m" * (number % 7), 1, 0, 900, 0),),
            0,
            0,
            900,
            0,
            7,
        )
        for number in range(1, 2 * ROWS + 2)
    ]
    found = list(codecs.ChangeLines().of(columns_of(made, 0, 7)))
    assert [bytes(part).count(b"\n") for part in found] == [ROWS, ROWS, 1]
    assert b"".join(found).decode().splitlines() == [codecs.change_json(one) for one in made]


def test_the_head_is_who_asks_to_say() -> None:
    change = ColourChanged(bytes(16), 1, None, "green", (Reason("CLEAR"),), 0, 0, None, 0, None)
    columns = columns_of([change], 0, None)
    ((key, value, _),) = read(codecs.written_changes(columns, 0, 1, b"\0\0\0\0\7"))
    assert key == change.phone
    assert value == codecs.framed(codecs.encode_change(change), 7)


def test_times_are_told_as_calendars_tell_them() -> None:
    """Days from the year 1 to 9999, each at some second of it."""
    first, last = -719_162, 2_932_896
    at = [day * 86_400 + day * 1_009 % 86_400 for day in (*range(first, last, 97), last)]
    made = [
        ColourChanged(bytes(16), 1, None, "green", (Reason("CLEAR"),), 0, one, None, 0, None) for one in at
    ]
    written = codecs.written_changes(columns_of(made, 0, None), 0, len(made), codecs.change_head())
    for change, (_, _, found) in zip(made, read(written), strict=True):
        assert found == headers(change)


@patient
@given(st.lists(changes, max_size=6))
def test_changes_are_counted_by_colour_and_first_reason(made: list[ColourChanged]) -> None:
    made = [change for change in made if change.reasons]
    found = Changes([columns_of(made[:2]), columns_of(made[2:])]).tally()
    assert found == Counter((change.colour, change.reasons[0].code) for change in made)
