"""The table of colours says of each phone what its last change said."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from streams.tables import Cause, ColourTable
from streams.window.window import Window
from tests.properties.seeds import HISTORIES, patient, seeded, seeds
from tests.properties.town import town


@settings(patient, max_examples=HISTORIES // 20)
@given(seeds)
def test_a_phone_stands_as_its_last_change_says(seed: int) -> None:
    past = town(seeded(seed))
    window = Window(past.deployment, past.policy, past.areas)
    table = ColourTable(lambda: [window])
    last = {}
    for offset, record in past.records:
        last.update({change.phone: change for change in window.apply(record, offset).changes})
    assert set(last) <= set(table)
    assert len(table) == len(list(table)) == window.phones
    for phone, standing in table.items():
        change = last.get(phone)
        if change is None:
            assert standing[:3] == ("unknown", (Cause("NO_SIGNAL"),), 0)
            continue
        assert (standing.colour, standing.sequence) == (change.colour, change.sequence)
        causes = {Cause(reason.code, reason.area, reason.area_version) for reason in change.reasons}
        assert set(standing.causes) == causes
        assert window.clock is not None
        assert standing.looked_at_again is None or standing.looked_at_again > window.clock


def test_a_phone_of_another_partition_is_not_in_it() -> None:
    past = town(seeded(1))
    table = ColourTable(lambda: [Window(past.deployment, past.policy)])
    assert b"\x01" * 16 not in table
    with pytest.raises(KeyError, match="'01010101'"):
        table[b"\x01" * 16]
