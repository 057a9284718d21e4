"""Bindings that stood in their topic, not yet heard, when a desk began: texts count on them.

A desk hears its topics side by side, so of a backlog it may hear a text before the binding it waits for.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.kafka.journal import MILLISECONDS
from streams.people.phones import entered
from streams.people.sunset import sunset

if TYPE_CHECKING:
    from streams.people.bindings import Binding
    from streams.people.phones import Phone


class Ahead:
    """Carriers' bindings by phone, each until it is heard; `max_skew`, sunset (seconds) as they have it."""

    def __init__(self, max_skew: int, sunset_at: int | None) -> None:
        self._max_skew, self._sunset = max_skew, sunset_at
        self._known: dict[bytes, dict[int, Binding]] = {}
        """By phone and offset."""

    def __len__(self) -> int:
        """Return of how many phones there are any."""
        return len(self._known)

    def note(self, record: Any, value: bytes | None) -> None:
        """Take a record that will be heard later; one that is no binding, or is too late, says nothing."""
        at = record.timestamp // MILLISECONDS
        if value is None or codecs.is_recorded(value) or sunset(self._sunset, at) is not None:
            return
        with suppress(codecs.CodecError):
            binding = codecs.decode_binding(value)
            as_it_should_be = record.key == codecs.version_key(binding.phone.hex(), binding.version)
            if as_it_should_be and binding.from_ <= at + self._max_skew:
                self._known.setdefault(binding.phone, {})[record.offset] = binding

    def heard(self, record: Any) -> None:
        """Forget a record that was heard."""
        if not self._known:
            return
        name = (record.key or b"").partition(b"/")[0].decode("ascii", "replace")
        phone = bytes.fromhex(name) if codecs.PSEUDONYM.fullmatch(name) else b""
        several = self._known.get(phone)
        if several is not None:
            several.pop(record.offset, None)
            if not several:
                del self._known[phone]

    def upon(self, phone: bytes, state: Phone) -> Phone:
        """Return a phone as it is once what is ahead is heard."""
        for _, binding in sorted(self._known.get(phone, {}).items()):
            state = entered(state, binding)
        return state
