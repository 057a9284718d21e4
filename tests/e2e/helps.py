"""The examples that `--help` of every command shows, found by walking the commands, and run by a shell."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from streams.__main__ import shendeng
from tests.e2e.processes import within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def commands(group: click.Group = shendeng, before: str = "") -> Iterator[tuple[str, click.Command]]:
    """Yield every command and group of commands with its words."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        words = f"{before}{name}"
        yield words, command
        if isinstance(command, click.Group):
            yield from commands(command, f"{words} ")


def examples_of(words: str) -> list[str]:
    """Return the command lines that a command's help shows as examples."""
    told = within(*words.split(), "--help", env={})
    shown = told.partition("Example:")[2].replace("\\\n", " ").splitlines()
    return [line.strip() for line in shown if line.strip().startswith(("shendeng ", "SHENDENG_", "cd "))]


def run_line(line: str, env: Mapping[str, str], folder: Path, codes: tuple[int, ...] = (0,)) -> str:
    """Run a command line as written, with this environment's `shendeng`; return what it printed."""
    path = f"{Path(sys.executable).parent}:{env['PATH']}"
    done = subprocess.run(
        ["bash", "-c", line],
        env={**env, "PATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes, (line, done.stderr)
    assert "Traceback" not in done.stderr, line
    return done.stdout
