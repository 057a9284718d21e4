"""In whatever order bindings come, and however often: the same holders, the same struck, the same kept."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from streams.domain.records import Reason
from streams.people.actors import Actor, Role
from streams.people.aggregates import Known, nothing_known, numbered, recorded
from streams.people.bindings import Binding
from streams.people.inheritance import BEGINNING, ColourWitnessed, kept
from streams.people.manual import PHONES
from streams.people.phones import Phone, entered, follows
from tests.properties.seeds import HISTORIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.people.inheritance import Kept

PHONE, OTHER = b"\x01" + bytes(15), b"\x02" + bytes(15)
PERSONS = [bytes([1]) + bytes(14) + bytes([n]) for n in range(4)]
RED = ColourWitnessed(
    7, "red", tuple(Reason("STAYED", f"area-{n}", 1, n * 20 + 5, n * 20 + 15) for n in range(-1, 6)), 60, 900
)
CARRIER = Actor("mobile", Role.CARRIER)


def after(bindings: Iterable[Binding], phone: bytes = PHONE) -> Known[Phone]:
    """Return a phone as the agent makes it of bindings as they come."""
    known = nothing_known(PHONES)
    for binding in bindings:
        state = entered(known.state, binding)
        if state is known.state:
            continue
        known = Known(state, known.version, known.commands)
        bodies = follows(phone, state, RED)
        for fact in numbered(known, phone.hex(), f"binding/{binding.version}", CARRIER, 0, bodies):
            known = recorded(PHONES, known, fact)
    return known


def outcome(known: Known[Phone]) -> tuple[object, ...]:
    held = known.state.held()
    return held, known.state.strikes, sorted(map(told, kept(held, known.state.witnessed)))


def told(one: Kept) -> tuple[list[bytes], str | None, int]:
    return sorted(one.holder.names), one.reason.area, one.valid_until


@st.composite
def histories(draw: st.DrawFn) -> list[Binding]:
    """Bindings of one phone in the order of their versions; corrections and open ends among them."""
    found = []
    for version in range(1, draw(st.integers(1, 7)) + 1):
        since = draw(st.integers(0, 10)) * 10
        until = draw(st.none() | st.integers(0, 10).map(lambda n: n * 10))
        person = draw(st.none() | st.sampled_from(PERSONS))
        other = draw(st.sampled_from([None, None, OTHER]))
        found.append(Binding(PHONE, version, person, "mobile", since, until, other))
    return found


@settings(max_examples=max(HISTORIES // 4, 1), deadline=None)
@given(histories(), st.randoms(use_true_random=False))
def test_shuffled_and_doubled_bindings_end_as_the_ordered_ones(
    bindings: list[Binding], order: random.Random
) -> None:
    shuffled = bindings * 2
    order.shuffle(shuffled)
    assert outcome(after(shuffled)) == outcome(after(bindings))


@settings(max_examples=max(HISTORIES // 4, 1), deadline=None)
@given(histories())
def test_nobody_inherits_and_nobody_sheds(bindings: list[Binding]) -> None:
    known = after(bindings)
    held = known.state.held()
    if not held:
        return
    holder = held[-1].holder
    spans = [span for name, span in known.state.strikes if name == PHONE]
    for reason in RED.reasons:
        assert reason.from_ is not None
        whose = [one for one in held if one.from_ <= reason.from_ and reason.from_ < (one.until or 1_000)]
        struck = any(span.from_ <= reason.from_ < span.until for span in spans)
        others = whose and not whose[0].holder.same(holder)
        assert struck or not others, "somebody else's visit counts for the holder"
        keepers = {name for one in known_kept(known) if one.reason == reason for name in one.holder.names}
        if whose and whose[0].until is not None:
            assert whose[0].holder.names <= keepers, "whoever ceased to hold the phone shed a reason"
        assert all(any(name in one.holder.names for one in held) for name in keepers)
    assert all(BEGINNING <= span.from_ < span.until for span in spans)
    assert not (len(held) == 1 and spans), "a phone never held before strikes something"


def known_kept(known: Known[Phone]) -> Sequence[Kept]:
    return kept(known.state.held(), known.state.witnessed)


def test_five_thousand_changes_of_bindings_shuffled_and_doubled_end_as_the_ordered_run() -> None:
    order = random.Random(1)
    phones = [bytes([1]) + order.randbytes(15) for _ in range(500)]
    changes = [
        Binding(phone, version, order.choice([*PERSONS, None]), "mobile", version * 10)
        for version in range(1, 11)
        for phone in phones
    ]
    shuffled = changes * 2
    order.shuffle(shuffled)
    assert len(changes) == 5_000
    for phone in phones:
        ordered = after((one for one in changes if one.phone == phone), phone)
        assert outcome(after((one for one in shuffled if one.phone == phone), phone)) == outcome(ordered)
