"""What a control changed: exactly the changes that name its records, whatever is read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.cli.demo._controls import Control, Controls
from streams.domain.records import AreaPublished, AreaVersion, PolicyPublished, TimeAdvanced
from tests.demo.changes import change

if TYPE_CHECKING:
    import random

PARTITIONS = 3
COLOURS = ("red", "yellow", "green", "unknown")


def area(version: int) -> AreaPublished:
    return AreaPublished(0, AreaVersion("market", version, (), 0))


def journal_of(kinds: list[int]) -> list[Control | TimeAdvanced]:
    """Return a partition's records: 0 is time, any other number a version of the area."""
    return [area(kind) if kind else TimeAdvanced(1) for kind in kinds]


@given(
    st.lists(st.integers(0, 3), max_size=8),
    st.lists(st.tuples(st.integers(0, PARTITIONS - 1), st.integers(0, 7), st.sampled_from(COLOURS))),
    st.randoms(use_true_random=False),
)
def test_the_effect_is_the_changes_of_its_first_records_in_any_order_of_reading(
    kinds: list[int], caused: list[tuple[int, int, str]], rnd: random.Random
) -> None:
    """Every partition has the same records; each source is read in its order, the sources in any."""
    sources: list[list[tuple[str, object]]] = [
        [("journal", (partition, offset, record)) for offset, record in enumerate(journal_of(kinds))]
        for partition in range(PARTITIONS)
    ]
    changes = [
        change(number, colour, place=(partition, offset))  # type: ignore[arg-type]
        for number, (partition, offset, colour) in enumerate(caused)
        if offset < len(kinds)
    ]
    sources += [
        [("change", one) for one in changes if one.partition == partition] for partition in range(PARTITIONS)
    ]
    controls = Controls(PARTITIONS, {})
    while left := [source for source in sources if source]:
        kind, what = rnd.choice(left).pop(0)
        if kind == "journal":
            controls.journal(*what)  # type: ignore[misc]
        else:
            controls.change(what)  # type: ignore[arg-type]
    found = controls.folded(dict.fromkeys(range(PARTITIONS), len(kinds)))
    assert [one.record.area.version for one in found if isinstance(one.record, AreaPublished)] == list(
        dict.fromkeys(kind for kind in kinds if kind)
    )
    for one in found:
        assert isinstance(one.record, AreaPublished)
        first = kinds.index(one.record.area.version)
        counted = controls.effect(one).moved
        for colour in COLOURS:
            wanted = [c for c in changes if c.offset == first and c.colour == colour]
            assert counted["unknown", colour] == len(wanted)  # type: ignore[index]


def test_a_control_counts_as_folded_only_once_every_partition_is_past_it_and_then_once() -> None:
    controls = Controls(2, {})
    controls.journal(0, 0, area(1))
    assert controls.folded({0: 1, 1: 1}) == []
    controls.journal(1, 4, area(1))
    assert controls.folded({0: 1, 1: 4}) == []
    [one] = controls.folded({0: 1, 1: 5})
    assert one.places == {0: 0, 1: 4}
    assert controls.folded({0: 9, 1: 9}) == []


def test_what_was_there_before_is_known_and_not_told() -> None:
    controls = Controls(1, {0: 1})
    controls.journal(0, 0, area(1))
    controls.journal(0, 1, PolicyPublished(0, 1))
    assert [one.told for one in controls.folded({0: 2})] == [False, True]
    assert controls.places([("policy", "", 1)]) == {(0, 1)}
