"""What was said: each phone's colours from the changes, and why it was called red."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.accuracy.definition import COLOURS, RED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.accuracy.timeline import Timeline
    from streams.domain.records import ColourChanged, Reason, Record
    from streams.window.columns import SightingColumns

STAYED = "STAYED"


class Said:
    """Collects changes; `begun` and `ended` are the clocks of the first and the last record."""

    def __init__(self) -> None:
        self.begun: int | None = None
        self.ended: int | None = None
        self._colours: dict[bytes, list[tuple[int, int]]] = {}
        self._stays: dict[bytes, list[tuple[int, tuple[Reason, ...]]]] = {}

    def take(self, record: Record | SightingColumns, changes: Iterable[ColourChanged]) -> None:
        """Take a record and what it changed, in the order of the journal."""
        if self.begun is None:
            self.begun = record.clock
        self.ended = record.clock if self.ended is None else max(self.ended, record.clock)
        for change in changes:
            colour = COLOURS.index(change.colour)
            said = self._colours.setdefault(change.phone, [])
            if not said or said[-1][1] != colour:
                said.append((change.effective_at, colour))
            if colour == RED:
                stays = tuple(reason for reason in change.reasons if reason.code == STAYED)
                self._stays.setdefault(change.phone, []).append((change.effective_at, stays))

    @property
    def phones(self) -> Iterable[bytes]:
        """Return the phones of which something was said."""
        return self._colours.keys()

    def colours(self, phone: bytes) -> Timeline:
        """Return what was said of a phone."""
        return self._colours.get(phone, [])

    def stays(self, phone: bytes, at: int) -> tuple[Reason, ...]:
        """Return the stays for which a phone was red at an instant, as the last event by then told them."""
        found: tuple[Reason, ...] = ()
        for since, reasons in self._stays.get(phone, []):
            if since > at:
                break
            found = reasons
        return found
