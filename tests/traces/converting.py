"""A conversion run as a user runs it, and what came of it."""

from __future__ import annotations

import csv
import io
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from click.testing import CliRunner

from streams.cli.convert import command

if TYPE_CHECKING:
    from collections.abc import Sequence

REPOSITORY = Path(__file__).parent.parent.parent
EXAMPLES = REPOSITORY / "examples" / "traces"
KEYS = REPOSITORY / "tests" / "data" / "carriers" / "keys.toml"


@dataclass(frozen=True)
class Done:
    """What a run left: its status, what it printed, and its files as rows."""

    status: int
    out: bytes
    told: str
    folder: Path

    @property
    def events(self) -> list[tuple[str, str, str]]:
        return rows((self.folder / "events.csv").read_text())

    @property
    def towers(self) -> dict[str, tuple[float, float, str]]:
        found = csv.DictReader(io.StringIO((self.folder / "towers.csv").read_text()))
        return {
            f"{row['mcc']}-{row['net']}-{row['area']}-{row['cell']}": (
                float(row["lon"]),
                float(row["lat"]),
                row["range"],
            )
            for row in found
        }


def rows(text: str) -> list[tuple[str, str, str]]:
    """Return the rows of events.csv, whose header must be the contract's."""
    header, *found = text.splitlines()
    assert header == "phone,cell,seen_at"
    return [(phone, cell, at) for phone, cell, at in (line.split(",") for line in found)]


def key_file(folder: Path, of: Path = KEYS) -> str:
    """Return a copy of a key file that its owner alone can read: git keeps no such mode."""
    copy = folder / "keys.toml"
    shutil.copyfile(of, copy)
    copy.chmod(0o600)
    return str(copy)


def convert(folder: Path, *words: str, given: bytes | None = None, out: str | None = None) -> Done:
    """Run the command; its files go to `folder`/trace unless `out` says otherwise."""
    target = folder / "trace"
    line = [*words, "-o", str(target) if out is None else out]
    run = CliRunner().invoke(command, line, input=given, catch_exceptions=False)
    return Done(run.exit_code, run.stdout_bytes, run.stderr, target)


def mapped(folder: Path, mapping: str, text: str | bytes, *words: str, keyed: bool = True) -> Done:
    """Convert one record by a mapping, both given as they stand in their files."""
    (folder / "layout.toml").write_text(mapping, encoding="utf-8")
    (folder / "cdr.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    keys: Sequence[str] = ("--key-file", key_file(folder)) if keyed else ()
    return convert(folder, "--mapping", str(folder / "layout.toml"), *keys, *words, str(folder / "cdr.csv"))
