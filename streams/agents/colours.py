"""The agent `colours`: folds the journal and emits colour changes, in one transaction with the position (D1, D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.domain.fold import Fold
from streams.domain.policy import Deployment, Policy
from streams.kafka.chunks import chunks
from streams.kafka.journal import MILLISECONDS, Refused, admit
from streams.kafka.life import Life
from streams.kafka.lives import Lives
from streams.kafka.transactions import Output, transactional_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.domain.records import ColourChanged
    from streams.kafka.engine import Engine
    from streams.settings import Settings


def attach(app: Any, engine: Engine) -> Lives:
    """Add the agent to the app; the journal partitions it owns are in the Lives returned."""
    settings, names = engine.settings, engine.names

    def life(partition: int) -> Life:
        return Life(
            partition,
            Colouring(partition, engine),
            brokers=engine.brokers,
            names=names,
            identity=transactional_id(settings.app_id, names.prefix, partition),
            interval=settings.commit_interval_ms / MILLISECONDS,
            monotonic=engine.monotonic,
            watch=engine.watch,
        )

    lives = Lives(app, names.journal, engine.ending, life)

    @app.agent(engine.chunked(names.journal), name="colours")  # type: ignore[untyped-decorator]
    async def colours(stream: Any) -> None:
        with engine.ending.fatal():
            async for chunk in chunks(stream):
                await lives.take(chunk)

    return lives


def first_policy(settings: Settings) -> Policy:
    """Return the built-in policy with what is fixed for this deployment (rule 1.5)."""
    return Policy(
        slot_minutes=settings.slot_minutes,
        resolution=settings.resolution,
        coarse_range_m=settings.coarse_range_m,
    )


class Colouring:
    """A partition's fold as its life sees it: journal values in, records to write out."""

    def __init__(self, partition: int, engine: Engine) -> None:
        self._partition, self._engine = partition, engine
        settings = engine.settings
        self._max_skew = settings.max_skew
        self.fold = Fold(
            Deployment(settings.retention_days, settings.max_skew),
            first_policy(settings),
            partition=partition,
        )
        self.clock: int | None = None

    def apply(self, offset: int, append_ms: int, value: bytes | None) -> Sequence[Output]:
        """Fold one journal value; what cannot enter becomes a dead letter, and the fold goes on."""
        record = admit(value, append_ms, self._max_skew)
        if isinstance(record, Refused):
            return [self._dead_letter(record.reason, offset)]
        outcome = self.fold.apply(record, offset)
        self.clock = record.clock if self.clock is None else max(self.clock, record.clock)
        outputs = [self._change(change, append_ms) for change in outcome.changes]
        if outcome.refused is not None:
            outputs.append(self._dead_letter("refused", offset))
        return outputs

    def _change(self, change: ColourChanged, append_ms: int) -> Output:
        return Output(
            self._engine.names.colour_changes,
            key=change.phone,
            value=codecs.encode_change(change),
            partition=self._partition,
            headers=codecs.change_headers(change),
            about=("change", change.colour, change.reasons[0].code, append_ms),
        )

    def _dead_letter(self, reason: str, offset: int) -> Output:
        letter = self._engine.dead_letters.letter(reason, self._engine.names.journal, self._partition, offset, 0)
        return Output(letter.topic, letter.key, letter.value, about=("dead_letter", reason))
