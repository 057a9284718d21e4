"""docs/asyncapi.json is what the schemas and topics give, and AsyncAPI's own JSON Schema accepts it."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from streams import codecs
from streams.asyncapi import CARRIER, CE, document
from streams.codecs.changes import change_headers
from streams.domain.records import ColourChanged
from streams.settings import Settings
from streams.topics import topics

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parent.parent.parent
PUBLISHED = REPOSITORY / "docs" / "asyncapi.json"
SCHEMA = REPOSITORY / "tests" / "data" / "asyncapi" / "3.0.0.json"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft7Validator:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(schema)
    return jsonschema.Draft7Validator(schema)


def test_the_document_is_what_the_command_prints(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("SHENDENG_")}
    words = [sys.executable, "-m", "streams", "topics", "asyncapi"]
    done = subprocess.run(words, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == PUBLISHED.read_text(encoding="utf-8"), (
        "make it anew: shendeng topics asyncapi > docs/asyncapi.json"
    )


def test_asyncapis_own_schema_accepts_it(validator: jsonschema.Draft7Validator) -> None:
    validator.validate(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def without_address(found: Any) -> None:
    found["channels"]["journal"]["address"] = 7


def with_an_unknown_avro_type(found: Any) -> None:
    found["components"]["messages"]["LocationEvent"]["payload"]["schema"]["fields"][1]["type"] = {
        "type": "strin"
    }


def with_an_unknown_action(found: Any) -> None:
    found["operations"]["receiveJournal"]["action"] = "read"


def with_a_setting_as_text(found: Any) -> None:
    found["channels"]["journal"]["bindings"]["kafka"]["topicConfiguration"]["retention.ms"] = "7"


@pytest.mark.parametrize(
    "broken", [without_address, with_an_unknown_avro_type, with_an_unknown_action, with_a_setting_as_text]
)
def test_it_would_not_accept_a_broken_one(
    broken: Callable[[Any], None], validator: jsonschema.Draft7Validator
) -> None:
    found = copy.deepcopy(json.loads(PUBLISHED.read_text(encoding="utf-8")))
    broken(found)
    assert not validator.is_valid(found)


def test_every_topic_and_every_schema_stands_in_it() -> None:
    settings = Settings(topic_prefix="some.", partitions=7)
    found = document(settings)
    wanted = {topic.name: topic.partitions for topic in topics(settings, [CARRIER])}
    assert {
        one["address"]: one["bindings"]["kafka"]["partitions"] for one in found["channels"].values()
    } == wanted
    assert found["components"]["messages"].keys() == codecs.load().keys()
    references = [value for value in _references(found) if not _resolves(found, value)]
    assert references == []


def _references(found: Any) -> list[str]:
    if isinstance(found, dict):
        own = [found["$ref"]] if "$ref" in found else []
        return own + [one for value in found.values() for one in _references(value)]
    return [one for value in found for one in _references(value)] if isinstance(found, list) else []


def _resolves(found: Any, reference: str) -> bool:
    for part in reference.removeprefix("#/").split("/"):
        if part not in found:
            return False
        found = found[part]
    return True


def test_the_headers_of_a_change_are_those_it_has() -> None:
    change = ColourChanged(bytes(16), 1, None, "green", (), 0, 0, None, 0, 0)
    message = document(Settings())["components"]["messages"]["ColourChanged"]
    headers = {name: value.decode() for name, value in change_headers(change)}
    assert headers.keys() == message["headers"]["properties"].keys()
    jsonschema.validate(headers, message["headers"])
    assert set(CE) <= {name.removeprefix("ce_") for name in headers}
