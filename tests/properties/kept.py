"""A window saved as checkpoints save it, segment by segment, and one loaded from what was kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.window.loading import Loading
from streams.window.saving import Saver
from streams.window.segments import Kind, Segment
from streams.window.window import Window

if TYPE_CHECKING:
    from random import Random

    from streams.window.saving import Copies
    from streams.window.segments import Account
    from tests.properties.histories import History


class Kept:
    """What stands of one window's checkpoints: the last bytes of each segment, and an account."""

    def __init__(self, window: Window) -> None:
        self.saver = Saver(window)
        self.segments: dict[Segment, bytes] = {}
        self.account: Account | None = None

    def follow(self, window: Window) -> None:
        """Go on with the window that was loaded."""
        self.saver = Saver(window, 0 if self.account is None else self.account.places)

    def ahead(self, most: int = 0) -> None:
        """Take a part of what changed."""
        self._take(self.saver.ahead(most))

    def complete(self) -> None:
        """Take what is left: a checkpoint is whole."""
        self._take(self.saver.rest())
        self.account, there = self.saver.account(), self.saver.segments()
        for gone in [s for s in self.segments if s.kind is not Kind.FACTS and s not in there]:
            del self.segments[gone]
        assert {s for s in self.segments if s.kind is not Kind.FACTS} == there

    def _take(self, copies: Copies | None) -> None:
        if copies is not None:
            self.segments.update(self.saver.packed(copies))

    def loaded(self, window: Window, random: Random) -> Window:
        """Load the last whole checkpoint into a fresh window, its segments in any order."""
        assert self.account is not None
        loading = Loading(window, self.account)
        for segment in random.sample(list(self.segments), len(self.segments)):
            loading.take(segment, self.segments[segment])
        return loading.window()


def fresh(past: History, partition: int) -> Window:
    return Window(past.deployment, past.policy, past.areas, partition)
