"""Wrong digits, an unbound phone and an unknown one are answered after the same time (rule 14.2).

The order of the phones is drawn, so whatever slows the machine down meets each kind alike: if the kind makes
no difference, the Mann-Whitney statistic of two kinds lies beyond 4.5 deviations once in 150,000 runs. That
the test would see a difference as large as the times' own spread is shown on the times measured.
"""

from __future__ import annotations

import asyncio
from itertools import combinations
from math import sqrt
from random import Random
from threading import Event
from typing import TYPE_CHECKING, Final

import numpy as np
from kafka import KafkaProducer

from streams.people.sms import wording
from tests.agents.stage import Stage, a_stage, a_worker, run, until
from tests.agents.texting import WRONG, a_phone, answers, at_once, bind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from streams.kafka.local import LocalBroker

EACH: Final = 70
PACE: Final = 0.12
"""Seconds between two texts: over a commit interval, so that none hides in another's transaction."""
BEYOND: Final = 4.5
ROUNDED: Final = 2.0
"""Milliseconds by which a time may be off: it lies between two that are told in whole ones."""


def deviations(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return by how many deviations one sample's times lie above the other's (Mann-Whitney, ties counted)."""
    both = np.concatenate((one, other))
    _, where, counts = np.unique(both, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    m, n = len(one), len(other)
    whole = m + n
    tied = float((counts**3 - counts).sum()) / (whole * (whole - 1))
    spread = sqrt(m * n / 12 * (whole + 1 - tied))
    return float(ranks[:m].sum() - m * (whole + 1) / 2) / spread


def ask(stage: Stage, phones: list[bytes]) -> None:
    """Send a text of each, one after the other, as somebody would who measures."""
    never = Event()
    producer = KafkaProducer(bootstrap_servers=stage.brokers)
    for phone in phones:
        producer.send(stage.names.sms_inbound, key=phone, value=at_once("m-1", WRONG)).get()
        never.wait(PACE)
    producer.close()


def test_the_three_refusals_differ_neither_in_words_nor_in_time(
    broker: LocalBroker, topic_prefix: str
) -> None:
    stage = a_stage(broker.address, topic_prefix, agents="people")
    names = [a_phone(number, 0) for number in range(3 * EACH)]
    kinds = {"wrong digits": names[:EACH], "unbound": names[EACH : 2 * EACH], "unknown": names[2 * EACH :]}
    drawn = Random(14).sample(names, len(names))

    async def work() -> None:
        stage.make_topics("one")
        bind(stage, *kinds["wrong digits"])
        bind(stage, *kinds["unbound"], person=None)
        async with a_worker(stage):
            await asyncio.to_thread(ask, stage, drawn)
            await until(lambda: len(answers(stage)) == len(names))

    run(work)
    came = {one.key: one.timestamp for one in stage.read(stage.names.sms_inbound)}
    answered = answers(stage)
    assert {one.sms.parts for one in answered} == {wording.refused("zh")}
    took = {one.phone: one.at - came[one.phone] for one in answered}
    times = {kind: np.array([took[phone] for phone in phones], float) for kind, phones in kinds.items()}
    for one, other in combinations(times, 2):
        assert abs(deviations(times[one], times[other])) < BEYOND, (one, other)
    spread = float(np.subtract(*np.percentile(np.concatenate(list(times.values())), [75, 25])))
    for late, taken in times.items():
        others = np.concatenate([other for kind, other in times.items() if kind != late])
        assert deviations(taken + max(spread, ROUNDED), others) > BEYOND
