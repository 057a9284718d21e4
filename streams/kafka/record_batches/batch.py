"""A record batch's head, its checksum and what is compressed in it.

The head is described at https://kafka.apache.org/documentation/#recordbatch. Formats 0 and 1 ended with Kafka
0.11 (2017) and are refused: a Kafka of today writes none, though it serves what old ones left (KIP-724).
"""

from __future__ import annotations

from struct import Struct
from typing import TYPE_CHECKING, Final, NamedTuple

from aiokafka import codec
from aiokafka.record.util import calc_crc32c

from streams.kafka.errors import CorruptError, UnusableError
from streams.kafka.record_batches.records import NONE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OVERHEAD: Final = 12
"""Bytes of a batch that its length does not count: offset and length."""
CHECKED_FROM: Final = 21
"""Where what the checksum is of begins."""
MAGIC_AT: Final = 16
FORMAT: Final = 2
HEAD: Final = Struct(">qiibIhiqqqhii")
LENGTH: Final = Struct(">i")
LENGTH_AT: Final = 8

CODEC: Final = 0b111
APPEND_TIME: Final = 1 << 3
TRANSACTIONAL: Final = 1 << 4
CONTROL: Final = 1 << 5
"""What a batch's attributes hold."""

CODECS: Final[dict[int, tuple[str, Callable[[], bool], Callable[[bytes], bytes]]]] = {
    1: ("gzip", codec.has_gzip, codec.gzip_decode),
    2: ("snappy", codec.has_snappy, codec.snappy_decode),
    3: ("lz4", codec.has_lz4, codec.lz4_decode),
    4: ("zstd", codec.has_zstd, codec.zstd_decode),
}


class Batch(NamedTuple):
    """A batch: where it begins, where its records begin and end, and what its head says."""

    begin: int
    start: int
    end: int
    base: int
    """The offset that its records' are counted from."""
    next: int
    """The offset after its last: that one may have been compacted away."""
    attributes: int
    begun: int
    """The time (ms) that its records' are counted from."""
    appended: int
    """When the broker appended it (ms), NONE where the producer's times count."""
    producer: int
    records: int

    @property
    def control(self) -> bool:
        """Whether it is a transaction's marker, no records of anybody."""
        return bool(self.attributes & CONTROL)

    @property
    def transactional(self) -> bool:
        """Whether its records were written in a transaction."""
        return bool(self.attributes & TRANSACTIONAL)


def end_of(data: bytes, begin: int) -> int:
    """Return where the batch ends that begins at `begin`, NONE if it is not there whole."""
    if len(data) - begin < OVERHEAD:
        return NONE
    (length,) = LENGTH.unpack_from(data, begin + LENGTH_AT)
    end = begin + OVERHEAD + max(int(length), 0)
    return end if end <= len(data) else NONE


def batches(place: str, data: bytes, *, checked: bool) -> Iterator[Batch]:
    """Yield the whole batches of what was fetched from `place`; one cut off at the end is fetched again.

    CorruptError where one is not what its producer wrote (unless not `checked`) or was written wrongly,
    UnusableError where it is of another format.
    """
    begin = 0
    while (end := end_of(data, begin)) != NONE:
        yield _batch(place, data, begin, end, checked=checked)
        begin = end


def _batch(place: str, data: bytes, begin: int, end: int, *, checked: bool) -> Batch:
    magic = data[begin + MAGIC_AT] if end - begin > MAGIC_AT else FORMAT
    at = f"{place}: the batch at offset {int.from_bytes(data[begin : begin + LENGTH_AT], 'big')}"
    if magic != FORMAT:
        raise UnusableError(f"{at} is of message format {magic}, expected {FORMAT}: copy the topic anew")
    if end - begin < HEAD.size:
        raise CorruptError(f"{at} is of {end - begin} bytes, expected at least {HEAD.size}")
    base, _, _, _, checksum, attributes, last, begun, latest, producer, _, _, count = HEAD.unpack_from(
        data, begin
    )
    if checked and calc_crc32c(memoryview(data)[begin + CHECKED_FROM : end]) != checksum:
        raise CorruptError(f"{at} is corrupt: its checksum is wrong")
    appended = latest if attributes & APPEND_TIME else NONE
    start, after = begin + HEAD.size, base + last + 1
    return Batch(begin, start, end, base, after, attributes, begun, appended, producer, count)


def inflated(place: str, data: bytes, batch: Batch) -> bytes | None:
    """Return a batch's records where they are compressed, None where they stand in `data` as they are."""
    number = batch.attributes & CODEC
    if number == 0 or batch.start == batch.end:
        return None
    at = f"{place}: the batch at offset {batch.base}"
    if number not in CODECS:
        raise UnusableError(f"{at} is compressed with codec {number}, expected 0 to {max(CODECS)}")
    name, there, decode = CODECS[number]
    if not there():
        raise UnusableError(f"{at} is compressed with {name}: install aiokafka[{name}]")
    try:
        return decode(data[batch.start : batch.end])
    except Exception as error:  # each codec has exceptions of its own
        raise CorruptError(f"{at} cannot be inflated: {name} says {error}") from error
