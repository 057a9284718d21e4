"""Cities out of the packed window are those that the domain's visits give, over random histories (14.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.diary import Diary
from streams.domain.fold import Fold
from streams.domain.hexes import cells_of
from streams.domain.records import AreaVersion
from streams.domain.rules import Rules
from streams.domain.slots import slot_of, start_of
from streams.domain.standing import Standing
from streams.window.touring import Toured, Touring
from streams.window.window import Window
from tests.properties.histories import history
from tests.properties.reach import chain
from tests.properties.residents import residents
from tests.properties.seeds import HISTORIES, PARTITION, hold, met, patient, seeded, seeds
from tests.properties.town import town
from tests.properties.world import RESOLUTION, box

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable
    from random import Random

    from streams.domain.records import Geometry
    from tests.properties.histories import History

CITIES: Final[tuple[Geometry, ...]] = (
    (box(-4.2, -0.2),),
    (box(-0.2, 4.2), box(14, 16)),
    (box(-7, -4.2),),
)
"""Three beside each other, of which one has an exclave; places to the east are in none."""
NUMBER: Final = {cell: n for n, geometry in enumerate(CITIES) for cell in cells_of(geometry, RESOLUTION)}


def by_the_domain(fold: Fold, phone: bytes, days: int, minutes: int) -> Toured:
    """Return what visits by rule 4.4 of the cities as areas give, the slots of the last days alone."""
    known = fold.phones.get(phone)
    if known is None or fold.clock is None:
        return Toured((), None)
    policy = replace(fold.rules.policy, dwell_mode="span", jurisdiction=None)
    areas = [AreaVersion(f"{n}", 1, geometry, 0, fringe_rings=0) for n, geometry in enumerate(CITIES)]
    rules = Rules.of(policy, areas, fold.deployment)
    diary, standing = Diary(), Standing()
    for slot, marks in known.diary.marks.items():
        for mark in marks:
            diary.enter(slot, mark >> 1, mark, rules.reach_m)
    standing.refresh(rules, fold.cases, phone, diary)
    length, now = policy.slot_minutes, slot_of(fold.clock, policy.slot_minutes)
    edge = now - min(days, fold.deployment.retention_days) * rules.spans.day
    first: dict[int, int] = {}
    for name, visits in standing.visits.items():
        for visit in visits:
            held = [slot for slot in visit.held if slot > edge]
            if held and (held[-1] - held[0]) * length >= minutes:
                first.setdefault(int(name), held[0])
    seen = max((slot for slot in standing.observed if slot > edge), default=None)
    return Toured(
        tuple(sorted(first, key=lambda city: (first[city], city))),
        None if seen is None else start_of(seen + 1, length),
    )


def agree(past: History, random: Random, tally: Counter[str]) -> None:
    fold = Fold(past.deployment, past.policy, past.areas, PARTITION)
    window = Window(past.deployment, past.policy, past.areas, PARTITION)
    touring = Touring(window, NUMBER.get, len(CITIES))
    for offset, record in past.records:
        fold.apply(record, offset)
        window.apply(record, offset)
        phone = random.choice(sorted(fold.phones) or [bytes(16)])
        days, minutes = random.choice([1, 2, 14]), random.choice([0, 15, 60, 61, 240])
        found = touring.of(phone, days, minutes)
        assert found == by_the_domain(fold, phone, days, minutes)
        tally[f"{len(found.cities)} cities"] += 1


@settings(patient, max_examples=HISTORIES // 4)
@given(seeds, st.sampled_from([history, chain, town, residents]))
def test_the_window_and_the_domain_name_the_same_cities(
    seed: int, made_from: Callable[[Random], History]
) -> None:
    hold(agree, made_from(seeded(seed)), seed)


@pytest.fixture(scope="module")
def occurred() -> Counter[str]:
    return met(agree, [town, history, residents], 60)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_histories_reach(count: int, occurred: Counter[str]) -> None:
    assert occurred[f"{count} cities"] >= 3
