"""The forms that `streams.columns` reads and writes, held against the schemas that are published."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import fastavro

from streams.codecs import schemas

_PHONE: Final = '{"name":"io.shendeng.Phone","type":"fixed","size":16}'
FORMS: Final = {
    "LocationEvent": f'{{"name":"phone","type":{_PHONE}}},'
    '{"name":"cell","type":"string"},{"name":"seen_at","type":"long"}',
    "LocationBatch": '{"name":"phones","type":"bytes"},'
    '{"name":"cells","type":{"type":"array","items":"string"}},'
    '{"name":"cell","type":{"type":"array","items":"int"}},'
    '{"name":"seen_at","type":{"type":"array","items":"long"}}',
    "Sightings": '{"name":"clock","type":"long"},{"name":"phones","type":"bytes"},'
    '{"name":"hexes","type":{"type":"array","items":"long"}},'
    '{"name":"slots","type":{"type":"array","items":"int"}},{"name":"coarse","type":"bytes"}',
    "ColourChanged": f'{{"name":"phone","type":{_PHONE}}},{{"name":"sequence","type":"long"}},'
    '{"name":"previous","type":["null","string"]},{"name":"colour","type":"string"},'
    '{"name":"reasons","type":{"type":"array","items":{"name":"io.shendeng.Reason","type":"record","fields":['
    '{"name":"code","type":"string"},{"name":"area","type":["null","string"]},'
    '{"name":"area_version","type":["null","long"]},{"name":"from","type":["null","long"]},'
    '{"name":"until","type":["null","long"]},{"name":"dwell_minutes","type":["null","int"]}]}}},'
    '{"name":"policy_version","type":"long"},{"name":"effective_at","type":"long"},'
    '{"name":"valid_until","type":["null","long"]},{"name":"partition","type":"int"},'
    '{"name":"offset","type":["null","long"]}',
}
"""The fields of each in Avro's parsing canonical form: what decides how the bytes stand."""


@cache
def head_of(name: str) -> bytes:
    """Return the single-object header of a schema; RuntimeError if the compiled code knows another form."""
    schema = schemas.load()[name]
    check(name, schema.parsed)
    return schema.header


def check(name: str, parsed: Any) -> None:
    """Raise RuntimeError if a schema is not of the form that the compiled code knows by its name."""
    found = fastavro.schema.to_parsing_canonical_form(parsed)
    expected = f'{{"name":"io.shendeng.{name}","type":"record","fields":[{FORMS[name]}]}}'
    if found != expected:
        raise RuntimeError(f"{name}.avsc: streams/columns reads {expected}, found {found}")
