"""What is kept by pseudonyms of retired epochs, marked for removal on every topic that has it (6.7, 19.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.reading import standing
from streams.people.epochs import epoch_of, unlinked
from streams.people.phones import strikes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator

    from streams.kafka.publishing import Publisher
    from streams.kafka.wire import Wire
    from streams.topics import Names


def kept_by_pseudonym(names: Names) -> tuple[str, ...]:
    """Return the compacted topics whose keys name a phone or a person, and that of look-ups."""
    return (
        names.colour_changes,
        names.identity_bindings,
        names.residents,
        names.person_colours,
        names.person_phones,
        names.declarations,
        names.referrals,
        names.appeals,
        names.passes,
        names.lookups,
    )


def remove_all(
    out: Publisher, brokers: str, wire: Wire, names: Names, retired: Container[int]
) -> dict[str, int]:
    """Mark for removal whatever is kept by pseudonyms of retired epochs; return how much by topic."""
    raw = names.by_pseudonym()
    counts = {
        topic: remove(out, brokers, topic, retired, raw=topic in raw) for topic in kept_by_pseudonym(names)
    }
    bindings, cases = names.identity_bindings, names.exclusions
    counts[bindings] += remove_valued(out, brokers, wire, bindings, lambda value: strikes(value, retired))
    counts[cases] = remove_valued(out, brokers, wire, cases, lambda value: excludes(value, retired))
    return counts


def remove(out: Publisher, brokers: str, topic: str, retired: Container[int], *, raw: bool) -> int:
    """Mark for removal whatever stands in a topic under a pseudonym of a retired epoch; return how much."""
    gone = [place for place in standing(brokers, topic) if epoch_of(place[1], raw=raw) in retired]
    for partition, key in gone:
        out.send(topic, None, key, partition)
    return len(gone)


def remove_valued(
    out: Publisher, brokers: str, wire: Wire, topic: str, names: Callable[[bytes], bool]
) -> int:
    """Mark for removal what stands in a topic and names a retired pseudonym in its value; return how much."""
    values = {place: wire.learnt(record.value) for place, record in standing(brokers, topic).items()}
    gone = [place for place, value in values.items() if value is not None and names(value)]
    for partition, key in gone:
        out.send(topic, None, key, partition)
    return len(gone)


def excludes(value: bytes, retired: Container[int]) -> bool:
    """Say whether an exclusion is of a phone of a retired epoch."""
    try:
        phone = codecs.decode_exclusion(value).phone
    except codecs.CodecError:
        return False
    return phone is not None and phone[0] in retired


def strikes(value: bytes, retired: Container[int]) -> bool:
    """Say whether a fact of a phone strikes out sightings under its pseudonym of a retired epoch."""
    try:
        return codecs.is_recorded(value) and strikes_of(codecs.decode_recorded(value).body, retired)
    except codecs.CodecError:
        return False


def unlink(out: Publisher, brokers: str, wire: Wire, topic: str, retired: Container[int]) -> int:
    """Write bindings again without the pseudonyms of a retired epoch; return how many they were (10.1)."""
    count = 0
    for (partition, key), record in standing(brokers, topic).items():
        if epoch_of(key, raw=False) in retired:
            continue
        for new in _without(wire.learnt(record.value), retired):
            out.send(topic, new, key, partition)
            count += 1
    return count


def _without(value: bytes | None, retired: Container[int]) -> Iterator[bytes]:
    """Yield a binding anew, if it names a pseudonym of a retired epoch beside the one that stays."""
    if value is None or codecs.is_recorded(value):
        return
    try:
        binding = codecs.decode_binding(value)
    except codecs.CodecError:
        return
    if (new := unlinked(binding, retired)) != binding:
        yield codecs.encode_binding(new)
