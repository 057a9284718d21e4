"""What every Python peer does with an event, and the clock they are measured by; needs nothing installed."""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import time
from pathlib import Path
from typing import Final

BROKER: Final = os.environ["BROKER"]
TOPIC: Final = os.environ["TOPIC"]
OUT: Final = os.environ["OUT"]
RUN: Final = os.environ["RUN"]
SCRATCH: Final = os.environ["SCRATCH"]
COUNT: Final = int(os.environ["COUNT"])
SLOT_MS: Final = 900_000
SLOTS: Final = 1344
MASK: Final = (1 << SLOTS) - 1
PHONE: Final = slice(10, 26)
CELL: Final = 27
"""Where the characters of the cell begin."""
OUTPUT: Final = struct.Struct(">16sQQqi")
STATE: Final = struct.Struct(">Qii")
RING_BYTES: Final = SLOTS // 8


def _lines(name: str) -> list[str]:
    return (Path(os.environ["LOAD"]) / name).read_text(encoding="ascii").splitlines()


TOWERS: Final = {tower: int(cell) for tower, cell in (line.split(",") for line in _lines("towers.csv"))}
RISK: Final = {int(line) for line in _lines("risk.txt")}


def decode(value: bytes) -> tuple[int | None, int]:
    """Return the hex of the tower an event names, None for an unknown one, and seen_at in milliseconds."""
    end = CELL + (value[CELL - 1] >> 1)
    read = shift = 0
    for one in value[end:]:
        read |= (one & 127) << shift
        shift += 7
    return TOWERS.get(value[CELL:end].decode()), (read >> 1) ^ -(read & 1)


def step(state: tuple[int, int] | None, slot: int) -> tuple[int, int]:
    """Return the last slot and the slots up to it as bits, the newest first, with one more slot."""
    if state is None:
        return slot, 1
    last, bits = state
    ahead = slot - last
    if ahead > 0:
        return slot, ((bits << ahead) | 1) & MASK if ahead < SLOTS else 1
    return last, bits | 1 << -ahead if -ahead < SLOTS else bits


def told(before: int, here: int) -> bool:
    """Say whether a step from one hex to another is to be told."""
    return here != before and (here in RISK or before in RISK)


def output(value: bytes, before: int, here: int, seen_ms: int, bits: int) -> bytes:
    """Return an output: phone, from, to, seen_at, number of slots."""
    return OUTPUT.pack(value[PHONE], before, here, seen_ms, bits.bit_count())


def packed(here: int, last: int, bits: int) -> bytes:
    """Return a state in 184 bytes."""
    return STATE.pack(here, last, bits.bit_count()) + bits.to_bytes(RING_BYTES, "little")


def unpacked(state: bytes) -> tuple[int, int, int]:
    """Return the hex, the last slot and the slots of a state."""
    here, last, _ = STATE.unpack_from(state)
    return here, last, int.from_bytes(state[STATE.size :], "little")


class Clock:
    """Wall and CPU seconds from the first event worked on to the last."""

    def __init__(self) -> None:
        self.count = 0

    def tick(self, events: int = 1) -> bool:
        """Count events; say whether these were the last. Called after each is worked on."""
        if not self.count:
            self._begun, self._cpu = time.perf_counter(), _cpu()
            self._half = self._begun
        before = self.count
        self.count += events
        if before < COUNT // 2 <= self.count:
            self._half = time.perf_counter()
        if before < COUNT <= self.count:
            ended, cpu = time.perf_counter(), _cpu()
            figures = {"seconds": ended - self._begun, "second_half": ended - self._half}
            self._told = json.dumps(figures | {"cpu": cpu - self._cpu})
            return True
        return False

    def report(self) -> None:
        """Print what was measured; some frameworks take sys.stdout over."""
        print(f"\nRESULT {self._told}", flush=True, file=sys.__stdout__)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
