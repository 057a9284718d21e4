"""Values in one buffer are the values they were made of."""

from hypothesis import given
from hypothesis import strategies as st

from streams.codecs.values import Values


@given(st.lists(st.none() | st.binary(max_size=40)))
def test_each_value_comes_out_as_it_went_in(listed: list[bytes | None]) -> None:
    values = Values.of(listed)
    assert [values.one(number) for number in range(len(listed))] == listed
