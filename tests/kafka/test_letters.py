"""Dead letters that come by the thousand, on a real broker."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.letters import DeadLetters
from streams.kafka.watch import Watch
from streams.kafka.wire import Wire
from streams.kafka.writers import Producing
from streams.metrics import Metrics
from tests.agents.stage import a_stage, run

if TYPE_CHECKING:
    from streams.kafka.local import LocalBroker

MANY = 300


class Asked(Producing):
    """Counts how often the cluster is asked for a topic."""

    times = 0

    async def exists(self, topic: str) -> bool:
        self.times += 1
        return await super().exists(topic)


def test_of_many_letters_at_once_one_asks_whether_the_carrier_has_a_topic_of_its_own(
    broker: LocalBroker, topic_prefix: str
) -> None:
    """An answer lists every topic of the cluster: thousands of them kept a worker busy for a minute."""
    stage = a_stage(broker.address, topic_prefix)
    stage.make_topics("mobile")
    names, asked = stage.names, Asked(stage.brokers)
    letters = DeadLetters(asked, Wire(None), names, Watch(Metrics(), lambda: 0.0), lambda: 0.0)
    topic = names.events("mobile")

    async def work() -> None:
        await asyncio.gather(*[letters.bury("bad_phone", topic, 0, number, 0) for number in range(MANY)])
        await asked.stop()

    run(work)
    found = [codecs.decode_dead_letter(one.value) for one in stage.read(names.dead_letters)]
    assert sorted(one.offset for one in found) == list(range(MANY))
    assert asked.times == 1
