"""Looking again at whom it is time for; a look that asks for itself again ends the worker (rule 6.5)."""

from __future__ import annotations

import pytest

from streams.agents.dues import Dues
from streams.kafka.errors import EngineError

LI, WANG = b"l" * 16, b"w" * 16


def test_each_look_notes_the_next_until_none_is_due_by_the_clock() -> None:
    dues, seen = Dues(lambda: {LI, WANG}), []
    for person, due in dues.until(100):
        seen.append((person, due))
        dues.note(person, due + 60 if person == LI else None)
    assert sorted(seen) == [(LI, 0), (LI, 60), (WANG, 0)]
    assert dues.people() == [LI]


@pytest.mark.parametrize("again", [60, 59])
def test_a_look_that_notes_no_later_time_ends_loudly_and_names_nobody_whole(again: int) -> None:
    dues = Dues(set)
    dues.note(LI, 60)
    looks = dues.until(100)
    assert next(looks) == (LI, 60)
    dues.note(LI, again)
    with pytest.raises(EngineError, match=f"due at 60 .* due at {again} again") as raised:
        next(looks)
    assert LI.hex() not in str(raised.value)
