"""Examples worked out by hand from the rules' text, to hold the naive derivation itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.domain.policy import Deployment, Policy
from streams.domain.records import (
    AreaVersion,
    ColourChanged,
    Excluded,
    Exclusion,
    PolicyPublished,
    Record,
    Sightings,
    TimeAdvanced,
)
from tests.naive.derivation import derive
from tests.properties.world import START, box, cell_at

if TYPE_CHECKING:
    from collections.abc import Iterable

PHONE = bytes(15) + b"\x01"
SLOT = 900
FIRST = START // SLOT
"""The slot at which every example begins: 08:00 in Shanghai."""

AREA = AreaVersion("a", 1, (box(-4, 0),), 0)
CORE, FRINGE, OUT, FAR_OUT = cell_at(-2), cell_at(-3.5), cell_at(-5), cell_at(-12)


def events(
    *records: Record, areas: Iterable[AreaVersion] = (AREA,), retention: int = 2, **thresholds: Any
) -> list[ColourChanged]:
    policy = Policy(**{"window_days": 2, "min_days": 1, "stale_minutes": 1440, **thresholds})
    return derive(Deployment(retention), policy, areas, list(enumerate(records)))


def seen(*cells: tuple[int, int], clock: int | None = None, coarse: bool = False) -> Sightings:
    """Sightings as (cell, slots after the first)."""
    hexes = [cell for cell, _ in cells]
    slots = [FIRST + slot for _, slot in cells]
    return Sightings(
        max(slots) * SLOT if clock is None else clock,
        [PHONE] * len(cells),
        hexes,
        slots,
        [coarse] * len(cells),
    )


def at(slot: int) -> int:
    return (FIRST + slot) * SLOT


def stay(cell: int, slots: Iterable[int]) -> list[tuple[int, int]]:
    return [(cell, slot) for slot in slots]


def colours(changes: list[ColourChanged]) -> list[tuple[str, str, int]]:
    """(colour, codes, slots after the first) of each event."""
    return [
        (c.colour, "+".join(r.code for r in c.reasons), (c.effective_at // SLOT) - FIRST) for c in changes
    ]


def test_a_stay_turns_yellow_when_its_first_slot_leaves_and_unknown_with_its_last() -> None:
    changes = events(seen(*stay(CORE, range(17))), TimeAdvanced(at(1000)))
    assert colours(changes) == [
        ("red", "STAYED", 16),
        ("yellow", "PASSED_THROUGH", 192),
        ("unknown", "NO_SIGNAL", 16 + 192),
    ]
    assert [c.valid_until for c in changes] == [at(192), at(208), None]
    (reason,) = changes[0].reasons
    assert (reason.from_, reason.until, reason.dwell_minutes) == (at(0), at(17), 240)
    assert [(c.sequence, c.previous, c.offset) for c in changes] == [
        (1, None, 0),
        (2, "red", 1),
        (3, "yellow", 1),
    ]


def test_a_stay_seen_by_coarse_towers_or_on_the_fringe_is_near_the_boundary() -> None:
    assert colours(events(seen(*stay(CORE, range(17)), coarse=True))) == [("yellow", "NEAR_BOUNDARY", 16)]
    assert colours(events(seen(*stay(FRINGE, range(17))))) == [("yellow", "NEAR_BOUNDARY", 16)]


def test_a_short_visit_of_the_fringe_is_evidence_only() -> None:
    assert colours(events(seen(*stay(FRINGE, range(5))))) == [("green", "CLEAR", 4)]


def test_a_first_sighting_elsewhere_is_green_with_one_day_asked_for_and_too_little_with_two() -> None:
    assert colours(events(seen((OUT, 0)))) == [("green", "CLEAR", 0)]
    assert colours(events(seen((OUT, 0)), min_days=2)) == [("unknown", "TOO_LITTLE", 0)]


def test_a_gap_over_four_hours_parts_a_visit() -> None:
    assert colours(events(seen(*stay(CORE, [0, 1, 2, 18])))) == [("red", "STAYED", 18)]
    assert colours(events(seen(*stay(CORE, [0, 1, 2, 19])))) == [("yellow", "PASSED_THROUGH", 19)]


def test_one_slot_away_near_by_is_forgiven_and_one_far_away_is_a_trip() -> None:
    flap = [*stay(FRINGE, range(8)), (OUT, 8), *stay(FRINGE, range(9, 17))]
    assert colours(events(seen(*flap), pingpong_rings=0)) == [("green", "CLEAR", 16)]
    assert colours(events(seen(*flap), pingpong_rings=2)) == [("yellow", "NEAR_BOUNDARY", 16)]
    trip = [*stay(FRINGE, range(8)), (FAR_OUT, 8), *stay(FRINGE, range(9, 17))]
    assert colours(events(seen(*trip))) == [("green", "CLEAR", 16)]


def test_two_slots_away_are_a_departure() -> None:
    cells = [*stay(FRINGE, range(7)), (OUT, 7), (OUT, 8), *stay(FRINGE, range(9, 17))]
    assert colours(events(seen(*cells))) == [("green", "CLEAR", 16)]


def test_a_border_cell_flapping_in_its_own_slot_is_contested() -> None:
    both = [*stay(FRINGE, range(17)), *stay(OUT, range(17))]
    assert colours(events(seen(*both))) == [("green", "CLEAR", 16)]
    assert colours(events(seen(*both), pingpong_rings=0)) == [("yellow", "NEAR_BOUNDARY", 16)]


def test_two_hexes_far_apart_with_equal_support_discount_each_other() -> None:
    beyond = cell_at(400)
    assert colours(events(seen((CORE, 0), (beyond, 0)))) == []
    changes = events(seen((CORE, 0), (beyond, 0)), seen((CORE, 1)))
    assert colours(changes) == [("yellow", "PASSED_THROUGH", 1)]


def test_adjoining_areas_do_not_hide_each_other() -> None:
    neighbour = AreaVersion("b", 1, (box(0, 4),), 0)
    flap = [(cell_at(-0.5 if slot % 2 else 0.5), slot) for slot in range(17)]
    alone = events(seen(*flap))
    both = events(seen(*flap), areas=[neighbour, AREA])
    assert colours(alone) == [("green", "CLEAR", 16)]
    assert [(r.code, r.area, r.dwell_minutes) for r in both[-1].reasons] == [("NEAR_BOUNDARY", "b", 240)]


def test_an_open_exclusion_strikes_up_to_the_decision_and_its_slot() -> None:
    def struck(decided: int) -> list[ColourChanged]:
        case = Exclusion("c", 1, PHONE, None, decided, None, None)
        return events(Excluded(decided, case), seen((CORE, 4), (OUT, 5)))

    assert colours(struck(at(4))) == [("yellow", "PASSED_THROUGH", 5)]
    assert colours(struck(at(4) + 1)) == [("green", "CLEAR", 5)]


def test_a_withdrawn_exclusion_gives_back_what_it_struck_and_another_subject_is_refused() -> None:
    def case(version: int, *, withdrawn: bool, phone: bytes | None = PHONE) -> Excluded:
        place = None if phone else CORE
        return Excluded(at(6), Exclusion("c", version, phone, place, at(6), at(0), None, withdrawn))

    changes = events(
        seen((CORE, 4), (OUT, 5)),
        case(2, withdrawn=False),
        case(1, withdrawn=True),
        case(3, withdrawn=True, phone=None),
        case(4, withdrawn=True),
    )
    assert colours(changes) == [
        ("yellow", "PASSED_THROUGH", 5),
        ("unknown", "NO_SIGNAL", 6),
        ("yellow", "PASSED_THROUGH", 6),
    ]


def test_span_mode_makes_one_visit_of_a_civil_day() -> None:
    cells = [(CORE, 0), (FAR_OUT, 20), (CORE, 40), (CORE, 60)]
    assert colours(events(seen(*cells), dwell_mode="span")) == [("red", "STAYED", 60)]
    # 64 slots after 08:00 in Shanghai the next civil day begins.
    next_day = [(CORE, 0), (CORE, 40), (CORE, 64)]
    assert colours(events(seen(*next_day), dwell_mode="span")) == [
        ("yellow", "NEAR_BOUNDARY+PASSED_THROUGH", 64)
    ]


def test_who_comes_home_after_an_absence_is_a_recent_arrival_until_it_leaves_the_window() -> None:
    home = (box(-9, 1, 3.0),)
    away = stay(cell_at(30), range(17))
    changes = events(seen(*away, (OUT, 30)), TimeAdvanced(at(200)), areas=(), jurisdiction=home)
    assert colours(changes)[:2] == [("yellow", "RECENT_ARRIVAL", 30), ("unknown", "STALE", 192)]
    assert changes[0].valid_until == at(192)


def test_staleness_and_a_sighting_at_one_instant_are_two_steps() -> None:
    changes = events(seen((OUT, 0)), seen((OUT, 97)), stale_minutes=1440)
    assert colours(changes) == [("green", "CLEAR", 0), ("unknown", "STALE", 97), ("green", "CLEAR", 97)]


def test_the_way_to_a_policy_is_judged_by_the_old_policy() -> None:
    changes = events(seen((CORE, 0)), PolicyPublished(at(150), 1, {"window_days": 1}))
    assert colours(changes) == [("yellow", "PASSED_THROUGH", 0), ("unknown", "NO_SIGNAL", 150)]
    back = PolicyPublished(at(151), 2, {"window_days": 2})
    changes = events(seen((CORE, 0)), PolicyPublished(at(150), 1, {"window_days": 1}), back)
    assert colours(changes)[2] == ("yellow", "PASSED_THROUGH", 151)


def test_a_refused_policy_moves_no_clock_and_an_ignored_one_does() -> None:
    fixed = PolicyPublished(at(500), 1, {"slot_minutes": 30})
    assert colours(events(seen((CORE, 0)), fixed)) == [("yellow", "PASSED_THROUGH", 0)]
    ignored = PolicyPublished(at(500), 0, {"window_days": 1})
    assert colours(events(seen((CORE, 0)), ignored))[-1] == ("unknown", "NO_SIGNAL", 192)


def test_a_sighting_is_kept_for_the_retention_and_one_day() -> None:
    n = 3 * 96 + 1
    context = seen((CORE, 1), clock=at(n)), PolicyPublished(at(n), 1, {"window_days": 2})
    assert colours(events(*context, window_days=1)) == []
    kept = seen((CORE, n - 191), clock=at(n))
    assert colours(events(kept)) == [("yellow", "PASSED_THROUGH", n)]
    assert colours(events(seen((CORE, n - 192), clock=at(n)))) == []


def test_a_record_behind_the_clock_enters_at_the_clock() -> None:
    changes = events(TimeAdvanced(at(10) + 7), seen((CORE, 3)))
    assert [(c.effective_at, c.offset) for c in changes] == [(at(10) + 7, 1)]


def test_a_record_with_a_sighting_after_its_own_clock_is_refused_whole() -> None:
    assert events(seen((CORE, 0), (CORE, 9), clock=at(8)), TimeAdvanced(at(9))) == []
