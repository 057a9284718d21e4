"""The compose file's Kafka has the settings of the project's own."""

from __future__ import annotations

from pathlib import Path

import yaml

from streams.kafka.jvm import VERSION
from streams.kafka.local import PROPERTIES


def test_the_composed_broker_is_set_as_the_local_one() -> None:
    compose = yaml.safe_load((Path(__file__).parent.parent.parent / "docker-compose.yml").read_text())
    kafka = compose["services"]["kafka"]
    assert kafka["image"].endswith(f":{VERSION}")
    given = {
        name.removeprefix("KAFKA_").lower().replace("_", "."): v for name, v in kafka["environment"].items()
    }
    assert given.items() >= PROPERTIES.items()
