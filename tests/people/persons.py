"""Facts, policies and orders of any kind, for properties."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st

from streams.domain.colours import SEVERITY
from streams.domain.records import Reason
from streams.people.orders import Order
from streams.people.sources import Claim, Facts, Kept, Signal
from streams.people.strictness import DEFAULT, STRICTNESS, GatePolicy, faults

NOW: Final = 1_584_000_000
DAY: Final = 86_400
AREA: Final = "area-8830e1d8dffffff"
"""An id that shows at once where it does not belong."""

accusing = st.builds(
    Reason,
    st.sampled_from(("STAYED", "NEAR_BOUNDARY", "PASSED_THROUGH")),
    st.sampled_from((AREA, f"{AREA}-2")),
    st.integers(1, 9),
    st.integers(NOW - 9 * DAY, NOW - 8 * DAY),
    st.integers(NOW - 8 * DAY, NOW),
    st.integers(0, 900),
)
_worse = st.lists(accusing | st.just(Reason("RECENT_ARRIVAL")), min_size=1, max_size=3).map(tuple)
_milder = st.sampled_from(
    (
        (Reason("NO_SIGNAL"),),
        (Reason("STALE"),),
        (Reason("TOO_LITTLE"),),
        (Reason("STALE"), Reason("TOO_LITTLE")),
        (Reason("CLEAR"),),
    )
)
reasons = _worse | _milder
times = st.integers(NOW - 20 * DAY, NOW)
phones = st.builds(Signal, reasons, times, st.booleans())
kept = st.builds(Kept, reasons, times, st.none() | st.integers(NOW - 5 * DAY, NOW + 5 * DAY), st.booleans())
declarations = st.builds(
    Claim, _worse | st.just((Reason("CLEAR"),)), times, st.sampled_from(("self", "proxy", "office"))
)
facts = st.builds(
    Facts,
    st.lists(phones, max_size=3).map(tuple),
    st.lists(kept, max_size=2).map(tuple),
    st.none() | declarations,
    st.booleans(),
    st.frozensets(st.tuples(st.just("STAYED"), st.sampled_from((AREA, f"{AREA}-2"))), max_size=2),
)

tables = (
    st.lists(st.sampled_from(STRICTNESS), min_size=4, max_size=4)
    .map(lambda several: dict(zip(SEVERITY, sorted(several, key=STRICTNESS.index), strict=True)))
    .filter(lambda table: not faults(table))
)
policies = st.builds(GatePolicy, st.integers(0, 9), tables | st.just(DEFAULT), st.booleans())
orders = st.builds(
    Order,
    id=st.sampled_from("abcdef"),
    version=st.integers(1, 3),
    community=st.just("c-1"),
    office=st.sampled_from(("street office", "market office")),
    names=st.sampled_from((("Wang", "Li"), ("Zhao", "Qian"))),
    reason=st.just("a crowded place"),
    from_=st.integers(NOW - DAY, NOW + DAY // 4),
    until=st.integers(NOW + DAY // 4 + 1, NOW + DAY),
    table=st.dictionaries(st.sampled_from(SEVERITY), st.sampled_from(STRICTNESS), max_size=4),
    signal_required=st.booleans(),
    withdrawn=st.just(False),
)
