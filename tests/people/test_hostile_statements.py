"""Whatever a statement holds, it is taken or refused, and nobody stumbles over it (rule 11.1)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.policy import Policy
from streams.domain.records import Reason
from streams.people.commands import Refused
from streams.people.statements import Place, Statement, reasons, refusal
from tests.people.gate_course import DAY, FIRST
from tests.people.test_roll import SCENE
from tests.properties.seeds import HISTORIES, patient
from tests.scenarios import places

NOW = FIRST + 12 * DAY
long = st.integers(-(1 << 63), (1 << 63) - 1)
cells = st.lists(long | st.just(places.cell("middle")), max_size=3).map(tuple)
times = long | st.integers(NOW - 20 * DAY, NOW + DAY)
words = st.lists(st.text(max_size=9) | st.just("fever"), max_size=2).map(tuple)
statements = st.builds(
    Statement,
    st.lists(st.builds(Place, cells, st.booleans(), times, times), max_size=3).map(tuple),
    st.none() | times,
    words,
    words,
)


@settings(patient, max_examples=max(HISTORIES // 4, 1))
@given(statements)
def test_a_statement_is_refused_with_a_code_or_has_reasons(statement: Statement) -> None:
    refused = refusal(statement, NOW, 8)
    if refused is None:
        assert reasons(statement, SCENE.areas.values(), Policy(), NOW)
    else:
        assert refused.code in {"no_place", "not_in_the_last_days", "unknown_word"}


def test_a_cell_that_is_none_and_one_of_another_resolution_are_refused() -> None:
    for cell in (-1, 0, (1 << 63) - 1, 0x8001FFFFFFFFFFF):
        found = refusal(Statement((Place((cell,), True, NOW - DAY, NOW),)), NOW, 8)
        assert isinstance(found, Refused)
        assert found.code == "no_place"


def test_a_hundred_places_are_taken_and_one_more_is_not() -> None:
    place = Place((places.cell("outside"),), True, NOW - DAY, NOW)
    assert refusal(Statement((place,) * 100), NOW, 8) is None
    refused = refusal(Statement((place,) * 101), NOW, 8)
    assert refused is not None
    assert refused.code == "too_many_places"
    assert reasons(Statement((place,)), SCENE.areas.values(), Policy(), NOW) == (Reason("CLEAR"),)
