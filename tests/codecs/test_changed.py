"""Changes written from columns are, byte for byte, those written from objects."""

from __future__ import annotations

from collections import Counter
from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from streams import codecs
from streams.domain.records import Colour, ColourChanged, Reason
from streams.window.changes import BASES, KIND_CODES, Changes
from tests.properties.seeds import patient
from tests.window.told import columns_of

INT, LONG = (1 << 31) - 1, (1 << 63) - 1
FAR = 253_402_300_799
"""9999-12-31T23:59:59Z."""


colours = st.sampled_from(get_args(Colour))
times = st.integers(-62_135_596_800, FAR)
naming = st.builds(
    Reason,
    st.sampled_from(KIND_CODES),
    st.text(max_size=80),
    st.integers(1, LONG),
    times,
    times,
    st.integers(0, INT),
)
bare = st.sets(st.sampled_from([code for _, code in BASES]), max_size=5)
changes = st.builds(
    lambda codes, reasons, **fields: ColourChanged(
        reasons=(*reasons, *(Reason(code) for _, code in BASES if code in codes)), **fields
    ),
    bare,
    st.lists(naming, max_size=4),
    phone=st.binary(min_size=16, max_size=16),
    sequence=st.integers(1, LONG),
    previous=st.none() | colours,
    colour=colours,
    policy_version=st.integers(0, LONG),
    effective_at=times,
    valid_until=st.none() | times,
    partition=st.just(3),
    offset=st.just(1 << 40),
)


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
