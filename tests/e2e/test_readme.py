"""The README's commands, and what the demo leaves behind: no process, no whole phone."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.e2e.clone import REPOSITORY, clean, fresh_copy, home_with_jars
from tests.e2e.helps import examples_of, run_line
from tests.e2e.processes import running, until

if TYPE_CHECKING:
    from pathlib import Path

PSEUDONYM = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")


def told_by(clone: Path) -> list[Path]:
    """Return every file the demo wrote, but Kafka's jars and the topics themselves."""
    home = clone / ".shendeng"
    found = [path for path in home.rglob("*") if path.is_file()]
    return [path for path in found if not {"data", "jars"} & {part.split("-")[0] for part in path.parts}]


def test_make_demo_in_a_fresh_clone_is_alive_at_once_and_leaves_no_process_no_data_and_no_phone(
    tmp_path: Path,
) -> None:
    clone, out = fresh_copy(tmp_path / "clone"), tmp_path / "demo.txt"
    with out.open("wb") as stream:
        demo = subprocess.Popen(
            ["make", "demo"],
            env=clean(),
            stdout=stream,
            stderr=stream,
            cwd=clone,
            start_new_session=True,
        )
    try:
        until(lambda: b"first colour change" in out.read_bytes() or demo.poll() is not None, "a change", 300)
        os.killpg(demo.pid, signal.SIGINT)  # as Ctrl-C on a terminal: make and the demo both get it
        demo.wait(60)
        until(lambda: running(clone) == [], "no process left", 20)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGKILL)
    told = out.read_text()
    assert "a generated city of 20,000 people" in told
    assert "stopping what was started" in told
    assert {"demo-worker.log", "broker.log"} <= {file.name for file in told_by(clone)}
    assert not (clone / ".shendeng" / "kafka" / "demo" / "data").exists()
    for file in [out, *told_by(clone)]:
        assert not PSEUDONYM.search(file.read_bytes()), file


def test_the_readme_names_the_two_commands_that_the_makefile_has() -> None:
    readme, makefile = (REPOSITORY / "README.md").read_text(), (REPOSITORY / "Makefile").read_text()
    for target in ("demo", "test", "bench"):
        assert f"make {target}" in readme
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_bench_measures_everybody_in_one_run(tmp_path: Path) -> None:
    out = tmp_path / "bench.json"
    home = {"SHENDENG_HOME": str(home_with_jars(tmp_path))}
    [line] = examples_of("bench")
    run_line(line, clean() | home, tmp_path)
    found = json.loads(out.read_text())
    assert found["machine"]
    assert found["versions"]["faust-streaming"]
    assert {result["name"]: len(result["runs"]) for result in found["results"]} == {
        "floor_events_per_s": 1,
        "plain_faust_events_per_s": 1,
        "single_events_per_s": 1,
        "single_x_plain_faust": 1,
        "batch_sightings_per_s": 1,
        "replay_sightings_per_s": 1,
        "cpu_us_per_event": 1,
        "verify_codes_per_s": 1,
        "area_over_500_phones_s": 1,
        "recovery_500_phones_s": 1,
        "recovery_whole_500_phones_s": 1,
        "latency_p99_ms": 1,
        "checkpoint_pause_ms": 1,
        "bytes_per_phone": 1,
        "slowdown_31_to_500_phones": 1,
        "hex_counts_cpu_ratio": 1,
        "hot_phone_cpu_ratio": 1,
        "wandering_phone_cpu_ratio": 1,
        "hot_hex_cpu_ratio": 1,
        "commands_per_s": 1,
        "cpu_us_per_command": 1,
        "check_p99_ms": 1,
        "bytes_per_person": 1,
        "appeal_over_500_phones_s": 1,
        "appeal_over_500_phones_cpu_s": 1,
        "appeal_changes_of_500_phones": 1,
        "sms_answer_p99_ms": 1,
        "sms_answer_median_ms": 1,
        "sightings_per_s_beside_sms": 1,
    }
    assert all(result["value"] > 0 for result in found["results"])


def test_the_readmes_replay_runs_as_written(tmp_path: Path) -> None:
    readme = (REPOSITORY / "README.md").read_text()
    command = next(line.strip() for line in readme.splitlines() if "shendeng replay --towers" in line)
    clone = fresh_copy(tmp_path / "clone")
    subprocess.run(["make", "setup"], env=clean(), cwd=clone, check=True)
    subprocess.run(command, shell=True, env=clean(), cwd=clone, check=True)  # noqa: S602 - as a newcomer would
    assert (clone / "changes.ndjson").read_text()
