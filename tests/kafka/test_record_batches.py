"""Record batches in rows are what aiokafka reads of them, and what is broken is refused by its place."""

from __future__ import annotations

import gzip
import struct
from random import Random
from typing import Any

import pytest
from aiokafka import codec
from aiokafka.errors import CorruptRecordException
from aiokafka.record.memory_records import MemoryRecords
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.kafka.errors import CorruptError, UnusableError
from streams.kafka.fetching import Sent
from streams.kafka.rows import NOTHING
from tests.kafka.written import ABORT, COMMIT, batch, marker, ours, plain, summed, theirs, told

CODECS = {"none": 0, "gzip": 1, "snappy": 2, "lz4": 3, "zstd": 4}
patient = settings(deadline=None)
seeds = st.integers(0, 1 << 62)


def some(random: Random) -> bytes | None:
    """Return a key or value; sizes beyond 63 take two bytes."""
    return None if random.random() < 0.2 else random.randbytes(random.choice([0, 1, 63, 64, 70]))


def records(random: Random) -> list[Any]:
    """Return the records of a batch, some of which were compacted away."""
    deltas = sorted(random.sample(range(200), random.randint(1, 6)))
    names = ["", "trace", "é"]
    return [
        (
            delta,
            random.randrange(1 << random.choice([8, 42])),
            some(random),
            some(random),
            [(random.choice(names), some(random)) for _ in range(random.choice([0, 0, 1, 2]))],
        )
        for delta in deltas
    ]


def a_fetch(random: Random) -> tuple[bytes, list[tuple[int, int]], int]:
    """Return what a broker may send: batches, the aborted transactions among them, the offset asked for."""
    first = base = random.randrange(1 << 40)
    parts, aborted = [], []
    for _ in range(random.randint(0, 6)):
        base += random.randint(0, 3)
        producer = random.choice([-1, 7, 8])
        if producer >= 0 and random.random() < 0.5:
            aborted.append((producer, base))
        if random.random() < 0.4:
            parts.append(marker(base, producer, random.choice([ABORT, COMMIT])))
            base += 1
            continue
        several = records(random) if random.random() < 0.8 else []
        last = max([random.randint(0, 300), *(record[0] for record in several)])
        parts.append(
            batch(
                base,
                several,
                codec=random.choice([*CODECS.values()]) if several else 0,
                producer=producer,
                transactional=producer >= 0 and random.random() < 0.7,
                appended=random.choice([None, random.randrange(1 << 42)]),
                last=last,
            )
        )
        base += last + 1
    data = b"".join(parts)
    random.shuffle(aborted)
    cut = random.choice([0, random.randint(0, min(len(data), 80))])
    return data[: len(data) - cut], aborted, random.randint(first, base)


@given(seeds)
@patient
def test_what_a_broker_may_send_is_read_as_aiokafka_reads_it(seed: int) -> None:
    data, aborted, due = a_fetch(Random(seed))
    for committed in (True, False):
        rows, after = ours(data, aborted, due, committed=committed)
        assert (told(rows), after) == theirs(data, aborted, due, committed=committed)


@given(seeds)
@patient
def test_what_is_not_there_whole_is_told_as_aiokafka_tells_it(seed: int) -> None:
    data, _, _ = a_fetch(Random(seed))
    for cut in {0, 5, 12, 40, 70, len(data)}:
        mine, upstream = Sent(data[:cut]), MemoryRecords(data[:cut])
        assert (mine.has_next(), mine.size_in_bytes()) == (upstream.has_next(), upstream.size_in_bytes())


@given(seeds)
@patient
def test_a_byte_that_was_changed_on_the_way_never_becomes_a_record(seed: int) -> None:
    random = Random(seed)
    sent, aborted, due = a_fetch(random)
    changed = bytearray(sent)
    if sent:
        changed[random.randrange(len(sent))] ^= random.randint(1, 255)
    try:
        rows, _ = ours(bytes(changed), aborted, due)
    except (CorruptError, UnusableError):
        return
    before = {one[1:] for one in told(ours(sent, None, 0, committed=False)[0])}
    assert {one[1:] for one in told(rows)} <= before


@given(seeds)
@patient
def test_whatever_aiokafka_reads_of_bytes_mixed_up_is_read_the_same(seed: int) -> None:
    """Compiled code checks no bounds of its own: whatever a producer wrote, only what is there is read."""
    random = Random(seed)
    built = bytearray(batch(5, records(random), codec=random.choice([0, 0, 0, *CODECS.values()])))
    for _ in range(random.randint(0, 3)):
        built[random.randrange(61, len(built))] = random.choice([0, 1, 2, 8, 63, 64, 127, 128, 255])
    struct.pack_into(
        ">i", built, 57, struct.unpack_from(">i", built, 57)[0] + random.choice([0, 0, 0, -1, 1])
    )
    data = summed(bytes(built))
    try:
        rows, after = ours(data)
    except CorruptError:
        rows, after = NOTHING, 0
    try:
        upstream = theirs(data)
    except Exception:  # noqa: BLE001 - what codecs raise, too
        # It also refuses what we read: headers that are no text, and attributes, a byte, as a long number.
        return
    assert (told(rows), after) == upstream


@pytest.mark.parametrize("number", CODECS.values(), ids=CODECS)
def test_each_codec_is_read(number: int) -> None:
    values = [b"%d" % n * 50 for n in range(100)]
    data = batch(10, plain(*values), codec=number) + batch(110, plain(b"after", None))
    rows, after = ours(data)
    assert [one.value for one in rows.each()] == [*values, b"after", None]
    assert after == 112


def test_an_aborted_transaction_is_hidden_up_to_its_marker_and_only_from_those_who_read_committed() -> None:
    data = (
        batch(0, plain(b"gone"), producer=7, transactional=True)
        + batch(1, plain(b"kept"), producer=8, transactional=True)
        + batch(2, plain(b"aside"), producer=7)
        + marker(3, 7, ABORT)
        + batch(4, plain(b"later"), producer=7, transactional=True)
        + marker(5, 7, COMMIT)
    )
    seen, after = ours(data, [(7, 0)])
    assert [one.value for one in seen.each()] == [b"kept", b"aside", b"later"]
    assert after == 6
    everything, after = ours(data, [(7, 0)], committed=False)
    assert [one.value for one in everything.each()] == [b"gone", b"kept", b"aside", b"later"]
    assert after == 6


def test_a_marker_that_was_compacted_away_ends_nothing() -> None:
    """Aiokafka raises here; Kafka's own consumer goes on, as we do."""
    data = batch(0, [], producer=7, transactional=True, control=True) + batch(
        1, plain(b"gone"), producer=7, transactional=True
    )
    rows, after = ours(data, [(7, 0)])
    assert (rows.length, after) == (0, 2)


def test_nothing_but_markers_moves_the_position_on() -> None:
    rows, after = ours(marker(4, 7, COMMIT) + marker(5, 8, ABORT), due=4)
    assert (rows.length, after) == (0, 6)


def test_records_before_the_offset_asked_for_are_dropped_and_compacted_ones_leave_gaps() -> None:
    data = batch(10, [(n, 1000, None, b"%d" % n, []) for n in (0, 3, 7)], last=20)
    rows, after = ours(data, due=13)
    assert rows.offset.tolist() == [13, 17]
    assert after == 31


def test_the_brokers_time_stands_where_the_topic_has_append_time() -> None:
    rows, _ = ours(batch(0, plain(b"a", b"b"), appended=5000) + batch(2, plain(b"c")))
    assert rows.timestamp.tolist() == [5000, 5000, 1000]
    assert rows.append_time.tolist() == [1, 1, 0]
    assert rows.arrived(7777).tolist() == [5000, 5000, 7777]


def broken(**changed: Any) -> bytes:
    """Return a batch at offset 42 with some bytes changed, its checksum being right for them."""
    built = bytearray(batch(42, plain(b"value", b"other")))
    for place, value in changed.items():
        at = int(place.removeprefix("at"))
        built[at : at + len(value)] = value
    return summed(bytes(built))


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (
            batch(42, plain(b"value"))[:-1] + b"?",
            CorruptError,
            "topic-3: the batch at offset 42 is corrupt: its checksum is wrong",
        ),
        (
            broken(at57=struct.pack(">i", 3)),
            CorruptError,
            "topic-3: the batch at offset 42 holds a broken record",
        ),
        (
            broken(at57=struct.pack(">i", 1)),
            CorruptError,
            "topic-3: the batch at offset 42 holds a broken record",
        ),
        (
            broken(at61=b"\x18"),  # 12 bytes, where 11 are used
            CorruptError,
            "topic-3: the batch at offset 42 holds a broken record",
        ),
        (
            broken(at57=struct.pack(">i", 1 << 30)),
            CorruptError,
            "topic-3: the batch at offset 42 cannot hold 1073741824 records in 24 bytes",
        ),
        (
            broken(at57=struct.pack(">i", -1)),
            CorruptError,
            "topic-3: the batch at offset 42 cannot hold -1 records in 24 bytes",
        ),
        (
            struct.pack(">qi", 42, 20) + bytes(4) + b"\x02" + bytes(15),
            CorruptError,
            "topic-3: the batch at offset 42 is of 32 bytes, expected at least 61",
        ),
        (
            struct.pack(">qi", 42, 20) + bytes(4) + b"\x01" + bytes(15),
            UnusableError,
            "topic-3: the batch at offset 42 is of message format 1, expected 2: copy the topic anew",
        ),
        (
            broken(at21=struct.pack(">h", 5)),
            UnusableError,
            "topic-3: the batch at offset 42 is compressed with codec 5, expected 0 to 4",
        ),
    ],
    ids=[
        "checksum",
        "records missing",
        "records left",
        "size",
        "many",
        "fewer than none",
        "short",
        "format",
        "codec",
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as refused:
        ours(data)
    assert str(refused.value) == said


@pytest.mark.parametrize("name", ["gzip", "snappy", "lz4", "zstd"])
def test_what_cannot_be_inflated_is_refused_by_its_place(name: str) -> None:
    with pytest.raises(
        CorruptError, match=f"^topic-3: the batch at offset 42 cannot be inflated: {name} says "
    ):
        ours(broken(at21=struct.pack(">h", CODECS[name])))


@pytest.mark.parametrize("name", ["snappy", "lz4", "zstd"])
def test_a_codec_that_is_not_installed_is_named_with_the_remedy(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = batch(42, plain(b"value"), codec=CODECS[name])
    monkeypatch.setattr(codec, "cramjam", None)
    with pytest.raises(UnusableError) as refused:
        ours(data)
    assert str(refused.value) == (
        f"topic-3: the batch at offset 42 is compressed with {name}: install aiokafka[{name}]"
    )


def test_a_checksum_is_that_of_what_is_sent_not_of_what_is_inflated() -> None:
    built = bytearray(batch(42, plain(b"value" * 100), codec=1))
    payload = gzip.compress(gzip.decompress(bytes(built[61:])), 1)
    other = built[:61] + payload
    struct.pack_into(">i", other, 8, len(other) - 12)
    with pytest.raises(CorruptRecordException):
        theirs(bytes(other))
    with pytest.raises(CorruptError):
        ours(bytes(other))
