"""Changes of any kind that columns can hold, in objects, for properties."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from streams.domain.records import Colour, ColourChanged, Reason
from streams.window.changes import BASES, KIND_CODES

INT, LONG = (1 << 31) - 1, (1 << 63) - 1
FAR = 253_402_300_799
"""9999-12-31T23:59:59Z."""


colours = st.sampled_from(get_args(Colour))
times = st.integers(-62_135_596_800, FAR)
naming = st.builds(
    Reason,
    st.sampled_from(KIND_CODES),
    st.text(max_size=80),
    st.integers(1, LONG),
    times,
    times,
    st.integers(0, INT),
)
bare = st.sets(st.sampled_from([code for _, code in BASES]), max_size=5)
changes = st.builds(
    lambda codes, reasons, **fields: ColourChanged(
        reasons=(*reasons, *(Reason(code) for _, code in BASES if code in codes)), **fields
    ),
    bare,
    st.lists(naming, max_size=4),
    phone=st.binary(min_size=16, max_size=16),
    sequence=st.integers(1, LONG),
    previous=st.none() | colours,
    colour=colours,
    policy_version=st.integers(0, LONG),
    effective_at=times,
    valid_until=st.none() | times,
    partition=st.just(3),
    offset=st.just(1 << 40),
)
