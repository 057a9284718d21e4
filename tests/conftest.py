"""A real broker for the tests that need one, shared by a session; each test has its own topics."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from streams.agents.warm import warm_columns
from streams.domain.policy import Deployment, Policy
from streams.kafka.jvm import find_jars, find_java, pom
from streams.kafka.local import LocalBroker
from streams.window.warm import warm
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.jvm import Java

settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

JVM = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""A JVM of a test lives for seconds: compiled once, it formats a folder in 2.1 s of a core, not 3.2."""
HOME = Path(__file__).parent.parent / ".shendeng" / "kafka"


def jars_and_java() -> tuple[Path, Java]:
    HOME.mkdir(parents=True, exist_ok=True)
    return find_jars(HOME, pom()), find_java(os.environ)


def a_broker(folder: Path, port: int = 0) -> LocalBroker:
    return LocalBroker(folder, *jars_and_java(), time.sleep, port)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile, or load, window and columns: no test's patience is spent on it.

    The process that deals tests out to others does so before it starts them, else each of them would compile;
    and fetch Kafka's jars.
    """
    os.environ.setdefault("JAVA_TOOL_OPTIONS", JVM)
    warm(Window(Deployment(), Policy()))
    warm_columns()
    if session.config.getoption("numprocesses", None):
        jars_and_java()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalBroker]:
    with a_broker(tmp_path_factory.mktemp("kafka")) as started:
        yield started


@pytest.fixture
def own_broker(tmp_path: Path) -> Iterator[LocalBroker]:
    with a_broker(tmp_path / "kafka") as started:
        yield started


@pytest.fixture
def topic_prefix() -> str:
    return f"t{uuid.uuid4().hex[:8]}."
