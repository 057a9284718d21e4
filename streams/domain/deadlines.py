"""Which phones to look at when a slot begins, with nothing seen (rules 6.4, 6.5 (a))."""

from __future__ import annotations

import heapq


class Deadlines:
    """Phones by the slot at which something about them may change; at most one slot a phone counts."""

    def __init__(self) -> None:
        self._phones: dict[int, set[bytes]] = {}
        self._slots: list[int] = []
        self._due: dict[bytes, int] = {}

    def put(self, phone: bytes, due: int | None) -> None:
        """Look at a phone at slot `due` and not before; None: not at all."""
        known = self._due.get(phone)
        if due == known:
            return
        if known is not None:
            self._phones[known].discard(phone)
        if due is None:
            del self._due[phone]
            return
        self._due[phone] = due
        if due not in self._phones:
            self._phones[due] = set()
            heapq.heappush(self._slots, due)
        self._phones[due].add(phone)

    def next(self, limit: int) -> int | None:
        """Return the earliest slot with phones due, None if it is after `limit`."""
        while self._slots and not self._phones[self._slots[0]]:
            del self._phones[heapq.heappop(self._slots)]
        return self._slots[0] if self._slots and self._slots[0] <= limit else None

    def take(self, slot: int) -> list[bytes]:
        """Take the phones due at a slot, in the order of their bytes."""
        phones = sorted(self._phones[slot])
        for phone in phones:
            self.put(phone, None)
        return phones
