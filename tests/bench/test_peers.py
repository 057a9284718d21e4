"""The contest's own parts: its values, its reference, its contenders, what it keeps and tells."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from bench.peers import contest, load, ours, reference, report
from bench.peers.contenders import CONTENDERS, Contender, chosen
from bench.peers.kept import Kept
from streams import codecs
from streams.bench.tally import of
from streams.domain.hexes import cells_of

if TYPE_CHECKING:
    from pathlib import Path

EVENTS = 20_000


@pytest.fixture(scope="module")
def made() -> load.Load:
    return load.made(EVENTS)


def test_a_value_is_what_our_codec_writes(made: load.Load) -> None:
    keys = made.keys(0, EVENTS)
    for number in (0, 1, 77, EVENTS - 1):
        tower = made.towers[made.tower[number]].id
        written = codecs.encode_event(keys[number], tower, int(made.seen_ms[number]))
        assert made.values(number, number + 1).tobytes() == written


def test_each_risk_hex_is_an_area_of_that_cell(made: load.Load) -> None:
    assert [cells_of(area.geometry, 8) for area in made.areas()] == [{cell} for cell in made.risk]


def test_the_reference_agrees_with_a_plain_loop(made: load.Load) -> None:
    states: dict[int, tuple[int, int, int]] = {}
    risk, count, total = set(made.risk), 0, 0
    for phone, tower, seen in zip(
        made.phone.tolist(), made.tower.tolist(), made.seen_ms.tolist(), strict=True
    ):
        here, slot = int(made.hexes[tower]), seen // reference.SLOT_MS
        before, last, bits = states.get(phone, (0, slot, 0))
        bits = (bits << (slot - last) | 1) & ((1 << reference.SLOTS) - 1)
        states[phone] = here, slot, bits
        if here != before and not risk.isdisjoint((here, before)):
            count += 1
            total ^= reference.checksum(bytes(made.phones[phone]), seen, bits.bit_count())
    assert reference.expected(made, EVENTS) == (count, total)


def test_our_reference_tells_every_phones_colour(made: load.Load) -> None:
    colours = ours.reference(made)
    assert len(colours) == len(set(made.phone.tolist()))
    assert {colour for colour, _ in colours.values()} >= {"green", "yellow"}


def test_every_contender_is_pinned_and_chosen_by_its_name() -> None:
    assert all(one.version for one in CONTENDERS)
    assert [one.name for one in chosen("^quix")] == ["quix-alos", "quix-eos"]
    assert Contender("x", "", "flink").version == "flink-streaming-java 2.0.1"


def test_runs_kept_are_found_again_and_forgotten_by_choice(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "runs.jsonl")
    kept.add({"contender": "a", "round": 1})
    kept.add({"contender": "b", "round": 1})
    assert Kept(tmp_path / "runs.jsonl").has(contender="a", round=1)
    kept.forget(lambda run: run["contender"] == "a")
    assert Kept(tmp_path / "runs.jsonl").runs == [{"contender": "b", "round": 1}]


def run_of(name: str, seconds: float, *, right: bool = True, at: int = 1) -> dict[str, Any]:
    figures = dict.fromkeys(("cpu", "cpu_whole", "broker_cpu", "others_percent"), 1.0)
    times = {"seconds": seconds, "second_half": seconds / 2}
    named = {"contender": name, "round": at, "events": 1000, "peak_bytes": 1, "outputs": 3, "right": right}
    return named | figures | times


def test_a_report_says_the_ratio_to_ours_and_loudly_what_is_wrong_or_missing() -> None:
    runs = [run_of("ours-single", 1), run_of("bytewax", 2, right=False)]
    found = report.made(runs, [], {"quix-eos": "needs uv"})
    page = report.markdown(found)
    assert {one["name"]: one["ours_is_times"] for one in found["results"]} == {"ours-single": 1, "bytewax": 2}
    assert "**NO**" in page
    assert "- **quix-eos**: needs uv" in page


def test_a_ratio_is_the_median_of_those_within_a_round() -> None:
    ours = [run_of("ours-single-2-workers", seconds, at=at) for at, seconds in ((1, 1), (2, 10), (3, 1))]
    theirs = [run_of("bytewax", seconds, at=at) for at, seconds in ((1, 2), (2, 30), (4, 1))]
    found = {one["name"]: one for one in report.made(ours + theirs, [], {})["results"]}
    assert found["bytewax"]["two_of_ours_are_times"] == 2.5
    assert found["bytewax"]["ours_is_times"] is None


def test_a_million_is_said_as_the_interfaces_say_it() -> None:
    assert [of(1_000_000), of(2_000_000), of(20_000)] == ["1m", "2m", "20000"]


def run_for_a_while(code: str) -> contest.Used | None:
    """Run a program that stays, where it sleeps, until it was looked at: each 0.1 s."""
    return contest.ended(subprocess.Popen([sys.executable, "-I", "-c", f"import time; {code}"]), 30)


def test_a_contenders_memory_is_its_own_and_not_that_of_who_started_it() -> None:
    held = bytearray(200_000_000)
    held[::4096] = b"x" * len(range(0, len(held), 4096))
    small = run_for_a_while("time.sleep(0.5)")
    large = run_for_a_while("x = b'x' * 100_000_000; time.sleep(0.5)")
    assert small is not None
    assert large is not None
    assert 1_000_000 < small.peak_bytes < 50_000_000
    assert 100_000_000 < large.peak_bytes < 150_000_000
    assert len(held) > large.peak_bytes


def test_a_contender_that_fails_has_used_nothing_worth_telling() -> None:
    assert run_for_a_while("raise SystemExit(3)") is None
