"""The demo's reader: journal, positions and colour changes as they are committed, on a thread of its own."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.kafka.clients import bounds
from streams.kafka.errors import EngineError
from streams.kafka.positions import key
from streams.kafka.reading import assigned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.cli.demo._controls import Controls, Entered
    from streams.cli.demo._folded import Folded
    from streams.cli.demo._tally import Tally
    from streams.domain.records import ColourChanged
    from streams.kafka.wire import Wire
    from streams.topics import Names

POLL_MS: Final = 200


class Follower:
    """Feeds what it reads to `folded`, `controls` and `tally`, and calls back.

    `shown` is told each change, `entered` each control that is folded everywhere, once every change of it is
    counted; `looked` is called after each look. All of that happens on the thread.
    """

    def __init__(
        self,
        brokers: str,
        names: Names,
        wire: Wire,
        folded: Folded,
        controls: Controls,
        tally: Tally,
    ) -> None:
        self._brokers, self._names, self._wire = brokers, names, wire
        self.folded, self.controls, self.tally = folded, controls, tally
        self._read: dict[int, int] = {}
        self._due: list[tuple[dict[int, int], Callable[[], None]]] = []
        self._end = Event()
        self._failed: Exception | None = None

    @contextmanager
    def following(
        self,
        shown: Callable[[ColourChanged], None],
        entered: Callable[[Entered], None],
        looked: Callable[[], None],
    ) -> Iterator[None]:
        """Follow until the body ends."""
        thread = Thread(target=self._guarded, args=(shown, entered, looked), daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._end.set()
            thread.join()

    def check(self) -> None:
        """Raise EngineError if following has failed."""
        if self._failed is not None:
            raise EngineError(f"watching ended: {type(self._failed).__name__}") from self._failed

    def when_read(self, then: Callable[[], None]) -> None:
        """Call back once every change that is written now has been taken: for the thread's own use."""
        self._due.append((self.ends(), then))

    def ends(self) -> dict[int, int]:
        """Return the ends of the colour changes as written now, open transactions included.

        A position and the changes of one transaction become visible partition by partition: only what
        has been read up to such an end is sure to be whole.
        """
        topic, partitions = self._names.colour_changes, self.folded.positions
        return {p: end for p, (_, end) in asyncio.run(bounds(self._brokers, topic, partitions)).items()}

    def has_read(self, ends: dict[int, int]) -> bool:
        """Say whether the changes up to these ends have been taken."""
        return all(self._read.get(partition, 0) >= end for partition, end in ends.items())

    def _guarded(self, *called: Any) -> None:
        try:
            self._follow(*called)
        except Exception as error:  # noqa: BLE001 - a thread's error would go unseen
            self._failed = error

    def _follow(
        self,
        shown: Callable[[ColourChanged], None],
        entered: Callable[[Entered], None],
        looked: Callable[[], None],
    ) -> None:
        names = self._names
        with assigned(self._brokers, names.journal, names.checkpoints, names.colour_changes) as (reader, tps):
            reader.seek_to_beginning(*tps)
            changes = [tp for tp in tps if tp.topic == names.colour_changes]
            while not self._end.is_set():
                for tp, records in reader.poll(POLL_MS).items():
                    for record in records:
                        self._take(tp, record, shown)
                self._read = {tp.partition: reader.position(tp) for tp in changes}
                for one in self.controls.folded(self.folded.positions):
                    self.when_read(lambda one=one: entered(one))  # type: ignore[misc]
                self._call()
                looked()

    def _take(self, tp: Any, record: Any, shown: Callable[[ColourChanged], None]) -> None:
        if tp.topic == self._names.journal:
            try:
                found = codecs.decode_record(record.value)
            except codecs.CodecError:
                return
            self.folded.journal(tp.partition, record.offset, found)
            self.controls.journal(tp.partition, record.offset, found)
        elif tp.topic == self._names.colour_changes:
            change = codecs.decode_change(self._wire.learnt(record.value))
            self.tally.take(change)
            self.controls.change(change)
            shown(change)
        elif record.key == key(tp.partition):
            self.folded.position(tp.partition, int.from_bytes(record.value, "big"))

    def _call(self) -> None:
        while self._due and self.has_read(self._due[0][0]):
            self._due.pop(0)[1]()
