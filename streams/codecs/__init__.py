"""The codec door: every value on its way in or out is read and written here."""

from streams.codecs.changes import change_headers, change_json, cloud_event, decode_change, encode_change
from streams.codecs.entered import decode_columns, encode_columns
from streams.codecs.errors import CodecError
from streams.codecs.frames import Writer, framed, schema_id, single, writer_of
from streams.codecs.heads import Heads, heads_of, schema_ids
from streams.codecs.heard import Heard, hear
from streams.codecs.inputs import (
    MOST_SIGHTINGS,
    Events,
    decode_events,
    decode_tower,
    encode_batch,
    encode_event,
    encode_tower,
)
from streams.codecs.journal import (
    decode_area,
    decode_exclusion,
    decode_policy,
    decode_record,
    encode_area,
    encode_exclusion,
    encode_policy,
    encode_record,
)
from streams.codecs.letters import DeadLetter, decode_dead_letter, encode_dead_letter
from streams.codecs.partition import partitions_of, partitions_of_halves
from streams.codecs.people import (
    PSEUDONYM,
    aggregate_key,
    decode_binding,
    decode_command,
    decode_community,
    decode_recorded,
    decode_resident,
    encode_binding,
    encode_command,
    encode_community,
    encode_recorded,
    encode_resident,
    is_recorded,
    version_key,
)
from streams.codecs.schemas import MOST_BYTES, by_header, load
from streams.codecs.values import Values

__all__ = [
    "MOST_BYTES",
    "MOST_SIGHTINGS",
    "PSEUDONYM",
    "CodecError",
    "DeadLetter",
    "Events",
    "Heads",
    "Heard",
    "Values",
    "Writer",
    "aggregate_key",
    "by_header",
    "change_headers",
    "change_json",
    "cloud_event",
    "decode_area",
    "decode_binding",
    "decode_change",
    "decode_columns",
    "decode_command",
    "decode_community",
    "decode_dead_letter",
    "decode_events",
    "decode_exclusion",
    "decode_policy",
    "decode_record",
    "decode_recorded",
    "decode_resident",
    "decode_tower",
    "encode_area",
    "encode_batch",
    "encode_binding",
    "encode_change",
    "encode_columns",
    "encode_command",
    "encode_community",
    "encode_dead_letter",
    "encode_event",
    "encode_exclusion",
    "encode_policy",
    "encode_record",
    "encode_recorded",
    "encode_resident",
    "encode_tower",
    "framed",
    "heads_of",
    "hear",
    "is_recorded",
    "load",
    "partitions_of",
    "partitions_of_halves",
    "schema_id",
    "schema_ids",
    "single",
    "version_key",
    "writer_of",
]
