"""The statistics of a feed: what was put in is what is counted."""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.codecs.times import text
from streams.feed.delays import BOUNDS, Delays
from streams.feed.frequent import Frequent
from streams.feed.repeats import Repeats
from streams.feed.report import as_json, as_text, length
from tests.feed.town import NOON, QUARTER, a_feed, phone, walks

if TYPE_CHECKING:
    from streams.feed.statistics import Feed

GOLDEN = Path(__file__).parent.parent / "golden" / "feed" / "report.txt"
MINUTE = 60_000
DAY = 86_400_000
HERE = "460-0-1-1"


def faulty() -> Feed:
    """Return a feed with a known number of each fault."""
    feed = a_feed()
    for who, cell, seen_ms in walks():
        feed.arrived(seen_ms + MINUTE)
        feed.take(0, seen_ms + MINUTE, who, cell, seen_ms)
    end = NOON + 100 * QUARTER
    feed.arrived(end)
    feed.take(0, end, phone(0), HERE, end)
    for _ in range(3):
        feed.take(0, end, phone(0), HERE, end)
    for number in range(5):
        feed.take(0, end, phone(number), "460-0-9-9", end - number * QUARTER)
    feed.take(0, end, phone(0), "460-0-9-8", end)
    feed.take(0, end, phone(0), "+8613800138000", end)
    feed.take(0, end, phone(1), HERE, end + 300_001)
    feed.take(0, end, phone(1), HERE, end + DAY)
    feed.take(0, end, phone(2), HERE, -1)
    feed.take(1, end, phone(3), HERE, end - 20 * DAY)
    feed.unreadable["truncated"] += 2
    feed.letters["unknown_tower"] += 6
    return feed


def test_the_report_reads_as_it_should_and_shows_no_phone() -> None:
    told = as_text(faulty(), text)
    assert told + "\n" == GOLDEN.read_text(encoding="utf-8")
    assert "13800138000" not in told


def test_every_fault_is_counted() -> None:
    told = json.loads(json.dumps(as_json(faulty(), text)))
    assert told["sightings"] == 480 + 15
    assert told["repeated"] == 3
    assert told["disordered"] == {"sightings": 4, "furthest_back_s": 4 * 900}
    assert told["clock_errors"] == {"future": 2, "furthest_ahead_s": 86_400, "before_1970": 1}
    unknown = told["unknown_towers"]
    assert (unknown["sightings"], unknown["no_tower_id"], unknown["exact"]) == (6, 1, True)
    assert [(row["cell"], row["sightings"]) for row in unknown["top"]] == [("460-0-9-9", 5), ("460-0-9-8", 1)]
    assert sum(row["sightings"] for row in told["delays"]) == 480 + 15 - 3
    assert sum(told["by_hour"].values()) == told["sightings"]
    assert [row["cell"] for row in told["probably_misplaced"]] == ["460-0-1-6"]


def test_a_feed_of_nothing_has_a_report_too() -> None:
    assert as_text(a_feed(), text).startswith("0 sightings in 0 records, 0/s\n")


def test_as_far_ahead_as_max_skew_is_no_clock_error() -> None:
    feed = a_feed()
    feed.take(0, NOON, phone(0), HERE, NOON + 300_000)
    assert (feed.future, feed.delays.counts[0]) == (0, 1)


def test_partitions_are_in_order_each_for_itself() -> None:
    feed = a_feed()
    for partition, seen in ((0, 5), (1, 3), (0, 6), (1, 4), (0, 6)):
        feed.take(partition, NOON, phone(partition), HERE, NOON + seen)
    assert feed.disordered == 0


def test_a_delay_counts_under_the_first_bound_it_does_not_exceed() -> None:
    delays = Delays()
    for seconds in (-1, 0, 0.5, 10, 10.5, BOUNDS[-1], BOUNDS[-1] + 1):
        delays.add(seconds)
    assert dict(delays.rows()) == dict.fromkeys(BOUNDS, 0) | {0: 2, 10: 2, 60: 1, BOUNDS[-1]: 1, None: 1}


@pytest.mark.parametrize("seed", range(5))
def test_what_is_frequent_stays_with_a_count_never_too_large(seed: int) -> None:
    rnd = random.Random(seed)
    things = [0] * 5000 + [1] * 3000 + [rnd.randrange(2, 50_000) for _ in range(20_000)]
    rnd.shuffle(things)
    found: Frequent[int] = Frequent(500)
    for thing in things:
        found.add(thing)
    true = Counter(things)
    assert not found.exact
    assert [thing for thing, _ in found.items()[:2]] == [0, 1]
    assert len(found.items()) <= 500
    for thing, count in found.items():
        assert true[thing] - 2 * len(things) / 500 <= count <= true[thing]


def test_few_things_are_counted_exactly() -> None:
    found: Frequent[str] = Frequent(3)
    for thing in "abcabca":
        found.add(thing)
    assert (found.items(), found.exact) == ([("a", 3), ("b", 2), ("c", 2)], True)


def test_a_repetition_is_one_of_phone_tower_and_moment_and_never_counted_in_vain() -> None:
    repeats = Repeats(64)
    assert not repeats.seen(phone(1), HERE, NOON)
    assert repeats.seen(phone(1), HERE, NOON)
    for other in ((phone(2), HERE, NOON), (phone(1), "460-0-1-2", NOON), (phone(1), HERE, NOON + 1)):
        assert not Repeats(64).seen(*other)
        assert not repeats.seen(*other)
    assert not any(repeats.seen(phone(n), HERE, NOON) for n in range(100, 1000))


def test_lengths_of_time_are_told_in_two_units() -> None:
    told = [length(seconds) for seconds in (0, 59, 60, 3661, 90_061, 1_209_600)]
    assert told == ["0 s", "59 s", "1 min", "1 h 1 min", "1 d 1 h", "14 d"]
