"""Sites become towers of the test network, and two never become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.domain.towers import canonical
from streams.traces.where import LONGEST, id_at, site_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("461", "1-1-0-461"),
        ("0", "1-1-0-0"),
        ("0461", f"1-1-1-{0x01_30_34_36_31}"),
        ("A", f"1-1-1-{0x01_41}"),
        ("基站", f"1-1-1-{int.from_bytes(bytes([1]) + '基站'.encode())}"),
        ("x" * (LONGEST + 1), None),
        ("broken \ufffd", None),
    ],
)
def test_a_site_has_an_id_that_can_be_worked_out(text: str, expected: str | None) -> None:
    assert site_id(text) == expected


def test_a_position_has_an_id_that_can_be_read() -> None:
    assert id_at((121.43922, 31.22003)) == ("1-1-2-3014392212122003", (121.43922, 31.22003))
    assert id_at((-180, -90)) == ("1-1-2-0", (-180.0, -90.0))
    assert id_at((180, 90)) == ("1-1-2-3600000018000000", (180.0, 90.0))


texts = st.text(max_size=20).filter(lambda text: len(text.encode("utf-8", "replace")) <= LONGEST)


@given(st.lists(st.one_of(texts, st.from_regex(r"0{0,2}[0-9]{1,20}", fullmatch=True)), max_size=30))
def test_different_sites_have_different_ids_in_the_one_spelling(names: list[str]) -> None:
    whole = {name for name in names if "\ufffd" not in name}
    ids = {name: site_id(name) for name in whole}
    assert len(set(ids.values())) == len(whole)
    for found in ids.values():
        assert found is not None
        assert canonical(found) == found


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_position_is_moved_by_less_than_a_metre_and_its_id_is_a_function_of_it(
    lon: float, lat: float
) -> None:
    name, (east, north) = id_at((lon, lat))
    assert abs(east - lon) <= 0.51e-5
    assert abs(north - lat) <= 0.51e-5
    assert id_at((east, north)) == (name, (east, north))
    assert canonical(name) == name
