"""One local Apache Kafka: KRaft, one JVM, loopback only, its jars by the pinned Maven pom (D9)."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
from base64 import urlsafe_b64encode
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from streams.kafka.errors import UnusableError
from streams.kafka.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from streams.kafka.jvm import Java

IN_USE: Final = "Address already in use"
UP_SECONDS: Final = 60.0
DOWN_SECONDS: Final = 20.0
POLL_SECONDS: Final = 0.1
ASK_MS: Final = 5000

PROPERTIES: Final = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "4",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    "log.retention.check.interval.ms": "60000",
    "log.segment.delete.delay.ms": "1000",  # what is deleted is off the disk when a purge looks for it
    "broker.session.timeout.ms": "2000",  # a restarted broker waits until its earlier self has timed out
    "broker.heartbeat.interval.ms": "500",
}


class LocalBroker:
    """A broker in a folder: `start` makes or takes up its data, `stop` ends it, `kill` kills it.

    It ends with the process that started it, too. `properties` overrides the broker's own.
    """

    def __init__(
        self,
        folder: Path,
        jars: Path,
        java: Java,
        rest: Callable[[float], None],
        port: int = 0,
        properties: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.folder, self.jars, self.java, self._rest, self._port = folder, jars, java, rest, port
        self._properties = properties
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: Watchdog | None = None

    @property
    def address(self) -> str:
        """Return host and port; the same for as long as the folder lives."""
        return (self.folder / "address").read_text().strip()

    @property
    def log(self) -> Path:
        """Return the broker's log file."""
        return self.folder / "broker.log"

    def start(self) -> str:
        """Start the broker and return its address once it answers; UnusableError if it does not.

        A new one takes the port wished for, or any free one where somebody else was faster.
        """
        if (self.folder / "data" / "meta.properties").exists():
            return self._run()
        self._make(self._port)
        try:
            return self._run()
        except UnusableError:
            if IN_USE not in self.log.read_text(errors="replace"):
                raise
        self._make(0)
        return self._run()

    def _run(self) -> str:
        self._unwatched()
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the project's own command
                [
                    *self._command("-Xms256m", "-Xmx512m"),
                    "kafka.Kafka",
                    str(self.folder / "server.properties"),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._watchdog = Watchdog(self._process.pid)
        (self.folder / "pid").write_text(str(self._process.pid))
        try:
            self._until(UP_SECONDS, self._answers)
        except BaseException:  # Ctrl-C, too: nobody else would end what was started
            self.kill()
            raise
        return self.address

    def runs(self) -> bool:
        """Say whether the process that this started is there."""
        return self._process is not None and self._process.poll() is None

    def stop(self) -> None:
        """End the broker in good order."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill the broker as a power cut would."""
        self._signal(signal.SIGKILL)

    def restart(self) -> None:
        """Stop the broker and start it on the same address and data."""
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _unwatched(self) -> None:
        if self._watchdog is not None:
            self._watchdog.off()
            self._watchdog = None

    def _signal(self, number: signal.Signals) -> None:
        self._unwatched()
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(number)
        try:
            process.wait(DOWN_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        (self.folder / "pid").unlink(missing_ok=True)

    @property
    def _cluster(self) -> str:
        """The cluster's id: each folder has its own, so that a broker can be told from others.

        Without dashes, since Kafka's tool takes one at its beginning for an option.
        """
        found = urlsafe_b64encode(sha256(str(self.folder.absolute()).encode()).digest()[:16])
        return found.decode()[:22].replace("-", "_")

    def _make(self, wanted: int) -> None:
        """Choose ports, write the properties and format the data folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(self.folder / "data", ignore_errors=True)
        port, controller = free_port(wanted), free_port(0)
        (self.folder / "address").write_text(f"127.0.0.1:{port}\n")
        properties = PROPERTIES | {
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "log.dirs": str((self.folder / "data").absolute()),
            **self._properties,
        }
        path = self.folder / "server.properties"
        path.write_text("".join(f"{key}={value}\n" for key, value in properties.items()))
        done = subprocess.run(  # noqa: S603 - the project's own command
            [*self._command(), "kafka.tools.StorageTool", "format", "-t", self._cluster, "-c", str(path)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise UnusableError(
                f"{self.folder}: Kafka could not format its folder: {done.stderr.strip()[-500:]}"
            )

    def _command(self, *options: str) -> list[str]:
        quiet = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"
        return [self.java.command, *options, quiet, "-cp", f"{self.jars}/*"]

    def _answers(self) -> bool:
        if self._process is not None and self._process.poll() is not None:
            raise UnusableError(f"Kafka ended at once; the end of {self.log}:\n{self._tail()}")
        if not answers(self.address):
            return False
        try:
            client = KafkaAdminClient(bootstrap_servers=self.address, request_timeout_ms=ASK_MS)
            try:
                return bool(client.describe_cluster()["cluster_id"] == self._cluster)
            finally:
                client.close()
        except (OSError, KafkaError):
            return False

    def _until(self, seconds: float, holds: Callable[[], bool]) -> None:
        for _ in range(int(seconds / POLL_SECONDS)):
            if holds():
                return
            self._rest(POLL_SECONDS)
        raise UnusableError(
            f"Kafka did not answer within {seconds:.0f} s; the end of {self.log}:\n{self._tail()}"
        )

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-10:])


def free_port(wanted: int) -> int:
    """Return `wanted` if nothing listens there, else a free port."""
    for port in (wanted, 0):
        with socket.socket() as door:
            try:
                door.bind(("127.0.0.1", port))
            except OSError:
                continue
            number: int = door.getsockname()[1]
            return number
    raise UnusableError("no free port on 127.0.0.1")


def answers(address: str) -> bool:
    """Say whether anything listens at `host:port`; what has just ended may hold the port, but does not."""
    host, port = address.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    return True
