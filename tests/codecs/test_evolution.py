"""What was published once can be read for ever: each schema reads the values of its earlier versions.

`tests/golden/schemas/<Name>.<n>.avsc` are the versions that were published. A schema that changes gets a
further file there; its earlier ones stay as they are.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import avro.io
import avro.schema
import fastavro
import pytest
from fastavro.utils import generate_many

from streams.codecs import schemas

PUBLISHED = sorted((Path(__file__).parent.parent / "golden" / "schemas").glob("*.avsc"))
VALUES = 50
FIELD = {"name": "carrier", "type": "string", "default": ""}


def without_logical_types(definition: Any) -> Any:
    if isinstance(definition, dict):
        return {k: without_logical_types(v) for k, v in definition.items() if k != "logicalType"}
    return list(map(without_logical_types, definition)) if isinstance(definition, list) else definition


def assert_reads(reader: dict[str, Any], writer: dict[str, Any]) -> None:
    """Values of `writer` are read as `reader`, by fastavro and by avro-python3."""
    parsed_writer, parsed_reader = fastavro.parse_schema(writer), fastavro.parse_schema(reader)
    second = avro.io.DatumReader(avro.schema.parse(json.dumps(writer)), avro.schema.parse(json.dumps(reader)))
    for value in generate_many(parsed_writer, VALUES):
        stream = io.BytesIO()
        fastavro.schemaless_writer(stream, parsed_writer, value)
        stream.seek(0)
        found = fastavro.schemaless_reader(stream, parsed_writer, parsed_reader)
        stream.seek(0)
        assert second.read(avro.io.BinaryDecoder(stream)) == found


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = without_logical_types(json.loads(path.read_text(encoding="utf-8")))
    return found


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_version_ever_published_is_read_by_todays_schema(path: Path) -> None:
    assert_reads(read(schemas.folder() / f"{path.name.split('.')[0]}.avsc"), read(path))


def test_every_schema_of_today_is_among_the_published_ones() -> None:
    published = [(path.name.split(".")[0], read(path)) for path in PUBLISHED]
    for path in schemas.folder().glob("*.avsc"):
        assert (path.stem, read(path)) in published, f"publish {path.name} under tests/golden/schemas"


@pytest.mark.parametrize("change", ["no default", "renamed", "narrowed"])
def test_a_change_that_strands_what_was_written_is_found(change: str) -> None:
    before = read(schemas.folder() / "LocationEvent.avsc")
    after = json.loads(json.dumps(before))
    seen_at = next(field for field in after["fields"] if field["name"] == "seen_at")
    if change == "no default":
        after["fields"].append({"name": "carrier", "type": "string"})
    elif change == "renamed":
        seen_at["name"] = "at"
    else:
        seen_at["type"] = "int"
    with pytest.raises(fastavro.read.SchemaResolutionError):
        assert_reads(after, before)


def test_a_further_field_with_a_default_is_read_from_earlier_values() -> None:
    before = read(schemas.folder() / "LocationEvent.avsc")
    assert_reads(before | {"fields": [*before["fields"], FIELD]}, before)
