"""What a person sees of what accuses them, coarsened, and what a proxy does not see (rules 16.1, 11.4)."""

from __future__ import annotations

import h3.api.basic_int as h3
from hypothesis import given

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.appealed import Appeal, Matter, Remedy
from streams.people.combined import Combined, Source, combined
from streams.people.shown import (
    RESOLUTION,
    appeal_of_proxy,
    appeal_shown,
    reasons_of_person,
    reasons_of_proxy,
)
from streams.people.vouched import HeldPhone, KeptReason, PersonPhone
from tests.people.persons import NOW, facts
from tests.scenarios import places

LI, PHONE, OLD = (bytes((number, *[7] * 15)) for number in range(1, 4))
STAY = Reason("STAYED", "A", 1, NOW - 9000, NOW - 900, 135)
ARRIVED = Reason("RECENT_ARRIVAL")
HELD = PersonPhone(LI, PHONE, HeldPhone(0, None, (STAY, ARRIVED), NOW, lead=False))
KEPT = PersonPhone(LI, OLD, None, (KeptReason(STAY, NOW + 900, lead=False),))
SAID = Source("declaration", "yellow", (Reason("PASSED_THROUGH", "A", 1, NOW - 900, NOW, 15),), 7)
CELLS = [places.cell(name) for name in ("middle", "inner", "100 km east")]


def test_a_person_sees_visits_with_times_area_and_cells_no_finer_than_resolution_seven() -> None:
    asked: list[tuple[bytes, str, int, int]] = []

    def where(*place: object) -> list[int]:
        asked.append(place)  # type: ignore[arg-type]
        return CELLS

    told = Combined("red", (Source("signal", "red", (STAY, ARRIVED), 0), SAID))
    held, arrived, kept, said = reasons_of_person((HELD, KEPT), told, where)
    assert asked == [(PHONE, "A", NOW - 9000, NOW - 900)]
    assert (held.origin, held.code, held.area, held.from_, held.until) == (
        *("signal", "STAYED", "A"),
        *(NOW - 9000, NOW - 900),
    )
    assert {h3.get_resolution(cell) for cell in held.cells} == {RESOLUTION}
    assert held.cells == tuple(sorted({h3.cell_to_parent(cell, RESOLUTION) for cell in CELLS}))
    assert held.phone == PHONE.hex()[:8]
    assert (arrived.code, arrived.cells) == ("RECENT_ARRIVAL", ())
    assert (kept.origin, kept.code, kept.cells) == ("kept", "STAYED", ())
    assert (said.origin, said.code, said.phone) == ("declaration", "PASSED_THROUGH", "")


def test_cells_of_a_coarser_deployment_are_shown_as_they_are() -> None:
    coarse = h3.cell_to_parent(CELLS[0], 5)
    [held, _] = reasons_of_person((HELD,), Combined("red", ()), lambda *_: [coarse])
    assert held.cells == (coarse,)


@given(facts)
def test_a_proxy_sees_every_code_and_no_visit(known: object) -> None:
    whole = combined(known, NOW, signal_required=True)  # type: ignore[arg-type]
    seen = reasons_of_proxy(whole)
    assert {(one.origin, one.code) for one in seen} == {
        (source.origin, one.code) for source in whole.sources for one in source.reasons
    }
    for one in seen:
        assert (one.phone, one.area, one.from_, one.until, one.dwell_minutes, one.cells) == (
            *("", None, None, None, None),
            (),
        )


def test_an_appeal_is_shown_as_it_stands_by_the_datas_time() -> None:
    one = Appeal("appeal-1", Matter("reason", "STAYED", "A"), "proxy", Actor("w", Role.RESIDENT), 0, NOW)
    assert appeal_shown(one, NOW).state == "open"
    assert appeal_shown(one, NOW + 1).state == "overdue"
    done = Appeal(one.name, one.matter, one.by, one.actor, 0, NOW, decided_at=NOW)
    assert (appeal_shown(done, NOW + 9).state, appeal_shown(done, NOW).ground) == ("rejected", None)
    upheld = Appeal(one.name, one.matter, one.by, one.actor, 0, NOW, None, Remedy("boundary", "a"), NOW)
    shown = appeal_shown(upheld, NOW + 9)
    assert (shown.state, shown.ground, shown.by) == ("upheld", "boundary", "proxy")
    assert (shown.area, appeal_of_proxy(upheld, NOW + 9).area) == ("A", "")
