"""The bench of codes checks what it says: every code good and each another one."""

from __future__ import annotations

import pytest

from streams.bench.codes import ISSUED, LASTS, gate
from streams.people.codes.keys import key_set
from streams.people.verify import verify


def test_every_code_that_is_measured_is_good_and_its_own() -> None:
    made = gate(20)
    assert len(set(made.texts)) == 20
    keys = key_set(ISSUED, made.key)
    for text in made.texts:
        assert verify(text, keys=keys, now=ISSUED + LASTS, holder=made.holder).refused is None
    assert made.checked_per_s() > 0


def test_a_bench_whose_codes_are_refused_measures_nothing() -> None:
    made, other = gate(1), gate(1)
    with pytest.raises(RuntimeError, match="nothing was measured"):
        type(made)(made.texts, other.key, made.holder).checked_per_s()
