"""Every setting of a deployment, from `SHENDENG_…` in the environment over `shendeng.toml`."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import MISSING, dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from streams.domain.policy import FINEST, MOST, SLOT_LENGTHS
from streams.people.epochs import EpochsError, epochs_in
from streams.people.times import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PORTS: Final = 65_535
A_CENTURY: Final = 36_525
RANGES: Final = {
    "partitions": (1, 10_000),
    "replication": (1, 100),
    "resolution": (0, FINEST),
    "coarse_range_m": (0, MOST),
    "retention_days": (1, A_CENTURY),
    "max_skew": (0, 86_400),
    "tower_grace": (0, 86_400),
    "tower_grace_sightings": (0, MOST),
    "commit_interval_ms": (1, 60_000),
    "checkpoint_seconds": (1, 86_400),
    "metrics_port": (0, PORTS),
    "session_timeout_ms": (1_000, 90_000),
}
"""The least and the most that can be meant; Faust allows a session no longer than its requests, 90 s."""
PREFIX: Final = "SHENDENG_"
FILE: Final = "shendeng.toml"


AGENTS: Final = ("all", "engine", "people")


class SettingsError(ValueError):
    """A setting is unknown or cannot be read; the message names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One object for all settings; the field's name in upper case behind SHENDENG_ is the variable."""

    kafka_brokers: str = ""
    """Kafka's bootstrap servers, `host:port` separated by commas; empty: the project's own local broker."""
    home: str = ".shendeng"
    """The folder for the local broker's data and jars, and for the demo."""
    topic_prefix: str = ""
    app_id: str = "shendeng"
    """Faust's app id: consumer group and transactional ids derive from it."""
    partitions: int = 4
    replication: int = 1
    carriers: str = "*"
    """Carriers read by ingest: names separated by commas, or one pattern with `*`."""
    agents: str = "all"
    """`engine` (sightings to colours), `people` (commands to persons' colours) or `all`: what it runs."""
    clock: str = "wall"
    """`wall` or `events`: what moves the journal's clock where nothing is seen."""
    slot_minutes: int = 15
    resolution: int = 8
    coarse_range_m: int = 5000
    retention_days: int = 14
    max_area_hexes: int = 500_000
    """The most cells of an area that is published; a province of 186,000 km² has 250,000 of resolution 8."""
    cities: str = ""
    """A GeoJSON file of cities' boundaries, which itineraries are told in; empty: none are installed."""
    max_skew: int = 300
    """Seconds (rule 1.4)."""
    tower_grace: int = 600
    """Seconds a sighting waits for a tower not yet known."""
    tower_grace_sightings: int = 200_000
    """How many sightings may wait at most; the oldest beyond it become dead letters."""
    commit_interval_ms: int = 100
    """Milliseconds between two transactions of a journal partition."""
    checkpoint_seconds: int = 20
    """Seconds between two checkpoints of a journal partition in which something was folded."""
    metrics_port: int = 0
    """Port of /metrics, /livez and /readyz on 127.0.0.1; 0 takes a free one and logs it."""
    metrics_host: str = "127.0.0.1"
    schema_registry_url: str = ""
    """A schema registry with Confluent's HTTP interface; empty: values carry Avro's single-object header."""
    session_timeout_ms: int = 10_000
    """After this silence the group gives a worker's partitions to others."""
    instance_id: str = ""
    """A name that this worker keeps over restarts and no other has: started again within the session, it has
    its partitions back at once (Kafka's static membership). Empty: a new member each time."""
    sunset: str = ""
    """When the deployment ends (RFC 3339): from then on nothing is taken in or answered. Empty: not set."""
    retired_epochs: str = ""
    """Key epochs of which nothing enters or is kept any more: numbers separated by commas."""
    log_level: str = "INFO"

    @property
    def retired(self) -> frozenset[int]:
        """The key epochs that are retired (rule 6.7)."""
        return epochs_in(self.retired_epochs)

    @property
    def sunset_at(self) -> int | None:
        """The sunset in unix seconds, None where none is set."""
        return seconds(self.sunset)


def load(environ: Mapping[str, str], file: Path | None = None) -> Settings:
    """Read the settings; SettingsError for a key nobody knows, naming the nearest known one."""
    values: dict[str, Any] = {}
    if file is not None and file.exists():
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{file}: not TOML: {error}") from None
        except OSError as error:
            raise SettingsError(f"{file}: expected a file that can be read: {error.strerror}") from None
        for key, value in table.items():
            values[_known(key, str(file))] = value
    for variable, text in environ.items():
        if variable.startswith(PREFIX):
            values[_known(variable.removeprefix(PREFIX).lower(), f"environment {variable}")] = text
    chosen = Settings(**{key: _typed(key, value) for key, value in values.items()})
    _check(chosen)
    return chosen


def _check(chosen: Settings) -> None:
    """Raise SettingsError for a value that cannot be meant."""
    for name, (least, most) in RANGES.items():
        found = getattr(chosen, name)
        if not least <= found <= most:
            raise SettingsError(f"setting {name!r}: expected {least} to {most}, found {found}")
    if chosen.slot_minutes not in SLOT_LENGTHS:
        expected = ", ".join(map(str, SLOT_LENGTHS))
        raise SettingsError(
            f"setting 'slot_minutes': expected one of {expected}, found {chosen.slot_minutes}"
        )
    try:
        epochs_in(chosen.retired_epochs)
    except EpochsError as error:
        raise SettingsError(f"setting 'retired_epochs': {error}") from None
    if chosen.sunset and chosen.sunset_at is None:
        raise SettingsError(
            f"setting 'sunset': expected a time with its offset (RFC 3339), found {chosen.sunset!r}"
        )
    if chosen.agents not in AGENTS:
        expected = ", ".join(AGENTS)
        raise SettingsError(f"setting 'agents': expected one of {expected}, found {chosen.agents!r}")
    for address in filter(None, chosen.kafka_brokers.split(",")):
        host, _, port = address.strip().rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or int(port) > PORTS:
            raise SettingsError(f"setting 'kafka_brokers': expected host:port, found {address.strip()!r}")


def _known(key: str, where: str) -> str:
    names = [f.name for f in fields(Settings)]
    if key in names:
        return key
    near = difflib.get_close_matches(key, names, n=1, cutoff=0.0)
    raise SettingsError(f"{where}: unknown setting {key!r}; the nearest known one is {near[0]!r}")


def _typed(key: str, value: object) -> Any:
    default = next(f.default for f in fields(Settings) if f.name == key)
    assert default is not MISSING  # noqa: S101 - every setting has a default
    kind = type(default)
    if isinstance(value, bool) or not isinstance(value, (str, kind)):
        raise SettingsError(f"setting {key!r}: expected {kind.__name__}, found {value!r}")
    try:
        return kind(value)
    except ValueError:
        raise SettingsError(f"setting {key!r}: expected {kind.__name__}, found {value!r}") from None
