"""One contender run once: what it took, what the broker took, and what anybody else took of the machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bench.peers import ours
from bench.peers.load import PARTITIONS
from streams import clock
from streams.bench.working import peak_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.peers.contenders import Contender
    from bench.peers.ground import Ground

TICKS: Final = os.sysconf("SC_CLK_TCK")
START_SECONDS: Final = 180.0
OUT: Final = "out"
MARK: Final = "RESULT "


class FailedError(Exception):
    """A contender did not come to its end; the message says where its log is."""


def measured(
    ground: Ground, contender: Contender, words: Sequence[str], run: str, broker: int
) -> dict[str, Any]:
    """Run a contender over its topic; `words` is its command, `broker` the broker's process id."""
    ground.clean()
    seconds = START_SECONDS + ground.events(contender.carrier) / contender.slowest
    busy, by_broker, own = _busy(), _cpu_of(broker), _own()
    begun = clock.monotonic()
    if words:
        found = _others(ground, contender, words, run, seconds)
    else:
        found = ours.run(ground, contender, run, seconds)
    wall = found.pop("wall", clock.monotonic() - begun)
    mine = _cpu_of(broker) - by_broker
    rest = _busy() - busy - mine - (_own() - own)
    ground.clean()
    return found | {
        "events": ground.events(contender.carrier),
        "broker_cpu": mine,
        "others_percent": max(0.0, 100 * rest / wall),
    }


def _own() -> float:
    """Return the CPU seconds of this process and of all it has started and seen the end of."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _others(
    ground: Ground, contender: Contender, words: Sequence[str], run: str, seconds: float
) -> dict[str, Any]:
    ground.create([OUT], PARTITIONS, {})
    scratch = ground.folder / "scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir()
    logs = ground.folder / "logs"
    logs.mkdir(exist_ok=True)
    log = logs / f"{run}.log"
    named = environment(ground, contender.carrier, run) | {"SCRATCH": str(scratch.absolute())}
    begun = clock.monotonic()
    with log.open("wb") as stream:
        process = subprocess.Popen(words, env=named, stdout=stream, stderr=stream)  # noqa: S603 - pinned
    used = ended(process, seconds)
    wall = clock.monotonic() - begun
    shutil.rmtree(scratch, ignore_errors=True)
    told = [line for line in log.read_text(errors="replace").splitlines() if line.startswith(MARK)]
    if used is None or not told:
        raise FailedError(f"no result in {seconds:.0f} s; its log is {log}")
    found: dict[str, Any] = json.loads(told[-1].removeprefix(MARK))
    if contender.emits:
        outputs = ground.outputs(OUT)
        found |= {"outputs": outputs.outputs, "right": outputs == ground.expected(contender.carrier)}
    return found | {
        "wall": wall,
        "cpu_whole": used.cpu,
        "peak_bytes": used.peak_bytes,
    }


def environment(ground: Ground, carrier: str, run: str) -> dict[str, str]:
    """Return what a contender of others is told."""
    return {
        **os.environ,
        "BROKER": ground.broker,
        "TOPIC": ground.names.events(carrier),
        "OUT": OUT,
        "RUN": run,
        "COUNT": str(ground.events(carrier)),
        "LOAD": str(ground.folder.absolute()),
    }


class Used(NamedTuple):
    """CPU seconds, and the most memory that was resident."""

    cpu: float
    peak_bytes: int


def ended(process: subprocess.Popen[bytes], seconds: float) -> Used | None:
    """Return what a process used, once it has ended well; None if it had to be killed or failed.

    Its `ru_maxrss` would be at least this process's: a fork counts before it becomes another program.
    """
    end, peak = clock.monotonic() + seconds, 0
    try:
        while clock.monotonic() < end:
            peak = max(peak, peak_bytes(process.pid))
            found, status, used = os.wait4(process.pid, os.WNOHANG)
            if found:
                process.returncode = os.waitstatus_to_exitcode(status)
                return None if process.returncode else Used(used.ru_utime + used.ru_stime, peak)
            time.sleep(0.1)
    finally:
        if process.returncode is None:  # Ctrl-C, too: nobody else would end what was started
            process.kill()
            process.wait()
    return None


def _cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _busy() -> float:
    """Return the CPU seconds that the machine was not idle, what is stolen from it included (Linux)."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS
