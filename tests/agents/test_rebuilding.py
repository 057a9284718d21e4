"""Checkpoints made anew on a real broker, from what is kept of a journal that was cut (D5)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.agents.rebuilding import rebuild
from streams.domain.records import AreaVersion, Exclusion, TimeAdvanced
from streams.kafka import manifests, positions
from streams.kafka.errors import UnusableError
from streams.kafka.watch import Watch
from streams.metrics import Metrics
from tests.agents.counting import killed_adding_up
from tests.agents.stage import Stage, a_worker, run, until
from tests.agents.test_checkpoints import NOW, PHONES, RING, alter, changes, cut, seen, staged, store, taken

if TYPE_CHECKING:
    from streams.agents.rebuilding import Rebuilt
    from streams.kafka.local import LocalBroker

AREA = AreaVersion("a", 1, ((RING,),), NOW - 60 * 86_400)
WEEKS_AGO, YESTERDAY = NOW // 900 - 36 * 96, NOW // 900 - 96
OLD = [*seen(WEEKS_AGO, 14, PHONES[:2]), TimeAdvanced((WEEKS_AGO + 40) * 900)]
"""Reds of whom nothing is seen any more: their diaries are empty when the state is rebuilt."""
KEPT = [TimeAdvanced((YESTERDAY - 16 * 96) * 900), *seen(YESTERDAY, 10, PHONES[1:4])]
AFTER = seen(YESTERDAY + 10, 14, PHONES[:3])


async def told(stage: Stage) -> None:
    """Publish an area and a case, and wait until both have been copied."""
    case = Exclusion("c", 1, PHONES[3], None, NOW - 3600, NOW - 60 * 86_400)
    stage.send(stage.names.risk_areas, [(b"a", codecs.encode_area(AREA))])
    stage.send(stage.names.exclusions, [(b"c", codecs.encode_exclusion(case))])
    async with a_worker(stage):
        await until(
            lambda: stage.committed(stage.names.risk_areas)[0] and stage.committed(stage.names.exclusions)[0]
        )


async def folded(stage: Stage) -> int:
    """Fold all that stands in the journal; return its end."""
    end = len(stage.read(stage.names.journal, 0))
    async with a_worker(stage) as app:
        await until(lambda: app.engine.ending.fault or taken(app, end))
    return end


async def remade(stage: Stage) -> Rebuilt | None:
    return await rebuild(
        stage.settings, store(stage), Watch(Metrics(), lambda: NOW), lambda: NOW, lambda: 0.0, lambda _: None
    )


@pytest.mark.parametrize("position", ["kept", "lost"])
def test_a_rebuilt_state_goes_on_as_one_that_never_stopped(
    broker: LocalBroker, topic_prefix: str, position: str
) -> None:
    stage, whole = staged(broker, topic_prefix), staged(broker, f"whole.{topic_prefix}")
    remains: list[Rebuilt | None] = []

    async def work() -> None:
        for one in (stage, whole):
            await told(one)
            one.send_journal(0, *OLD)
        first = await folded(stage)
        stage.send_journal(0, *KEPT)
        end = await folded(stage)
        cut(stage, first)
        alter(stage, manifests.key(0), None)
        if position == "lost":
            alter(stage, positions.key(0), None)
        with pytest.raises(UnusableError, match="shendeng rebuild --partition 0"):
            await folded(stage)
        async with killed_adding_up(stage), asyncio.timeout(30):
            remains.append(await remade(stage))
        stage.send_journal(0, *AFTER)
        whole.send_journal(0, *KEPT, *AFTER)
        for one in (stage, whole):
            async with a_worker(one) as app:
                await until(lambda: taken(app, end + len(AFTER)))

    run(work)
    [made] = remains
    assert made is not None
    assert (made.differing, made.doubts, made.phones) == (0, (), 4)
    assert changes(stage) == changes(whole)
    assert len(changes(stage)) > len(PHONES) + 1


def test_where_nothing_was_folded_there_is_nothing_to_rebuild(broker: LocalBroker, topic_prefix: str) -> None:
    stage = staged(broker, topic_prefix)

    async def work() -> None:
        assert await remade(stage) is None

    run(work)
