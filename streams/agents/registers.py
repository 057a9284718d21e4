"""Communities and their residents as the topics have them, read once (rule 10.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.reading import whole
from streams.people.register import Register

if TYPE_CHECKING:
    from streams.kafka.wire import Wire
    from streams.topics import Names


def residents(brokers: str, names: Names, wire: Wire, until: int | None = None) -> Register:
    """Return the residents entered, with `until` (unix ms) by then, and not erased since."""
    register = Register()
    for record in whole(brokers, names.residents):
        if record.value is None:
            register.erase(record.key or b"")
        elif until is None or record.timestamp <= until:
            register.enter(codecs.decode_resident(wire.learnt(record.value)))
    return register


def communities(brokers: str, names: Names, wire: Wire) -> Register:
    """Return the communities published, for their offices."""
    register = Register()
    for record in whole(brokers, names.communities):
        try:
            register.enter(codecs.decode_community(wire.learnt(record.value)))
        except codecs.CodecError:
            continue
    return register
