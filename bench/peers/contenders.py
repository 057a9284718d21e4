"""Who takes part, what each promises, and by which tool it is built."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from streams import settings

HERE: Final = Path(__file__).parent
PINNED: Final = re.compile(r'"([a-z-]+)(?:\[[a-z,0-9]+\])?==([0-9.]+)"')
"""A requirement as the scripts in `python/` pin it."""
DEPENDENCY: Final = re.compile(r"<artifactId>([a-z-]+)</artifactId>\s*<version>([^<]+)</version>")
DAY: Final = 86_400
EXACTLY: Final = "exactly once"
AT_LEAST: Final = "at least once"
NOTHING: Final = "nothing kept"
"""No state or position survives a crash."""


@dataclass(frozen=True)
class Contender:
    """One way of running one stream processor."""

    name: str
    """What ONLY is matched with."""
    promise: str
    tool: str
    """A folder with a pom, or a script in `python/`; empty for ours."""
    words: tuple[str, ...] = ()
    carrier: str = "single"
    """Whose sightings it reads: `single`, `batches`, or `small`, the first of `single`."""
    emits: bool = True
    slowest: int = 10_000
    """Events a second below which it is given up, once it has started."""
    workers: int = 1
    """Processes of ours that share the partitions."""
    checkpoint_seconds: int = settings.load({}).checkpoint_seconds
    """How often ours takes checkpoints."""

    @property
    def built_by_maven(self) -> bool:
        """Say whether it is a Java program."""
        return self.tool in {"streams", "flink"}

    @property
    def version(self) -> str:
        """Return the name and version of what it is pinned to; ours has the repository's."""
        if not self.tool:
            return "shendeng"
        if self.built_by_maven:
            pom = (HERE / self.tool / "pom.xml").read_text(encoding="utf-8")
            found = DEPENDENCY.search(pom.partition("<dependencies>")[2])
        else:
            found = PINNED.search((HERE / "python" / f"{self.tool}.py").read_text(encoding="utf-8"))
        assert found is not None  # noqa: S101 - a test looks at each
        return f"{found[1]} {found[2]}"


CONTENDERS: Final = (
    Contender("ours-batches", EXACTLY, "", carrier="batches"),
    Contender("ours-single", EXACTLY, ""),
    Contender("ours-single-no-checkpoints", EXACTLY, "", checkpoint_seconds=DAY),
    Contender("ours-batches-2-workers", EXACTLY, "", carrier="batches", workers=2),
    Contender("ours-single-2-workers", EXACTLY, "", workers=2),
    Contender("streams-memory-eos-2-threads", EXACTLY, "streams", ("memory", "2", "exactly_once_v2")),
    Contender("streams-memory-alos-1-thread", AT_LEAST, "streams", ("memory", "1", "at_least_once")),
    Contender("streams-rocksdb-eos-2-threads", EXACTLY, "streams", ("rocksdb", "2", "exactly_once_v2")),
    Contender("flink-hashmap-no-checkpoints", NOTHING, "flink", ("hashmap", "0")),
    Contender("flink-hashmap-eos-10s", EXACTLY, "flink", ("hashmap", "10000")),
    Contender("flink-rocksdb-eos-10s", EXACTLY, "flink", ("rocksdb", "10000")),
    Contender("bytewax", NOTHING, "bytewax_peer", ("none",)),
    Contender("bytewax-recovery-10s", AT_LEAST, "bytewax_peer", ("recovery",)),
    Contender("quix-alos", AT_LEAST, "quix_peer", ("at-least-once",)),
    Contender("quix-eos", EXACTLY, "quix_peer", ("exactly-once",)),
    Contender("faust-table", AT_LEAST, "faust_peer", carrier="small", slowest=500),
    Contender("aiokafka-getmany", NOTHING, "aiokafka_floor", emits=False),
)


def chosen(only: str) -> list[Contender]:
    """Return the contenders whose name matches a pattern somewhere."""
    return [one for one in CONTENDERS if re.search(only, one.name)]
