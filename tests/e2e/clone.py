"""A fresh copy of the repository, as a newcomer has it, and the environment they run its commands in."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from streams.kafka.jvm import find_jars, pom
from tests.conftest import HOME

REPOSITORY = Path(__file__).parent.parent.parent


def clean() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV" and not k.startswith("SHENDENG_")}


def home_with_jars(folder: Path) -> Path:
    """Return a home of its own that has Kafka's jars already."""
    home = folder / "home"
    lay_jars(home)
    return home


def lay_jars(home: Path) -> None:
    """Put Kafka's jars where a command that starts a broker looks for them, so that it fetches none."""
    (home / "kafka").mkdir(parents=True)
    jars = find_jars(HOME, pom())
    (home / "kafka" / jars.name).symlink_to(jars)


def fresh_copy(folder: Path) -> Path:
    """Copy what a clone would hold: every file that git tracks, or would."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in names.rstrip("\0").split("\0"):
        if (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(REPOSITORY / name, folder / name)
    return folder
