"""The AsyncAPI 3 document of a deployment, made from its topics and its schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.channels import RECEIVE, SEND, About, counts, sms
from streams.codecs.changes import SOURCE, TYPE
from streams.topics import Names, topics

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.topics import Topic

VERSION: Final = "3.0.0"
AVRO: Final = "application/vnd.apache.avro+json;version=1.9.0"
CARRIER: Final = "{carrier}"
NUMBERS: Final = (
    "retention.ms",
    "max.message.bytes",
    "min.compaction.lag.ms",
    "max.compaction.lag.ms",
    "segment.ms",
)
"""Settings of a topic that are numbers here and text in Kafka."""
CE: Final = ("specversion", "id", "source", "type", "subject", "time", "partitionkey", "sequence")
DESCRIPTION: Final = (
    "Cell-tower sightings of phones in, changes of the phones' colours out. Values are Avro with the "
    "single-object header (C3 01, then the schema's CRC-64-AVRO), or in Confluent's framing where the "
    "deployment names a schema registry. Made by: shendeng topics asyncapi"
)


def document(settings: Settings) -> dict[str, Any]:
    """Return the document; KeyError for a topic that nobody has described here.

    Its messages are all schemas: those on no channel of their own stand in the body of a Command or Recorded.
    """
    about = _about(Names(settings.topic_prefix))
    found = [(topic, about[topic.name]) for topic in topics(settings, [CARRIER])]
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Shendeng",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/avro",
        "channels": {one.channel: _channel(topic, one, settings) for topic, one in found},
        "operations": {
            f"{one.action}{one.channel[0].upper()}{one.channel[1:]}": _operation(one) for _, one in found
        },
        "components": {"messages": {name: _message(name) for name in sorted(codecs.load())}},
    }


def text(settings: Settings) -> str:
    """Return the document as it stands in `docs/asyncapi.json`."""
    return json.dumps(document(settings), indent=2, ensure_ascii=False) + "\n"


def _about(names: Names) -> dict[str, About]:
    """Return what is known of each topic, by its name."""
    phone = "The phone's 16 bytes, or none."
    place = "UTF-8: the topic and partition of what could not be used."
    return {
        names.events(CARRIER): About(
            "locationEvents",
            "Sightings as a carrier publishes them, one a message or up to 10,000 in columns.",
            phone,
            ("LocationEvent", "LocationBatch"),
            RECEIVE,
        ),
        names.cell_towers: About(
            "cellTowers", "Cell towers.", "UTF-8: the tower's id.", ("CellTower",), RECEIVE
        ),
        names.risk_areas: About("riskAreas", "Key areas.", "UTF-8: the area's id.", ("RiskArea",), RECEIVE),
        names.policies: About("policies", "Whole policies.", "UTF-8: `policy`.", ("Policy",), RECEIVE),
        names.exclusions: About(
            "exclusions", "What decided cases strike out.", "UTF-8: the case.", ("Exclusion",), RECEIVE
        ),
        names.journal: About(
            "journal",
            "Everything that drives the colours, in order; internal, always single-object.",
            "None.",
            ("Sightings", "TimeAdvanced", "AreaPublished", "PolicyPublished", "Excluded"),
            RECEIVE,
        ),
        names.checkpoints: About(
            "checkpoints",
            "How far each journal partition is folded (an offset in 8 bytes, big-endian), and checkpoints of "
            "its state; internal.",
            "UTF-8: `position/`, `checkpoint/` or `segment/`, and the partition.",
            (),
            SEND,
        ),
        names.colour_changes: About(
            "colourChanges",
            "Changes of colours, as CloudEvents in binary mode; read it with read_committed.",
            "The phone's 16 bytes.",
            ("ColourChanged",),
            SEND,
        ),
        names.lookups: About(
            "lookups",
            "Who looked at whom: links of a hash chain a writer, their texts, signed heads (docs/audit.md); "
            "internal, always single-object.",
            "UTF-8: `<subject>/<writer>/<sequence>` of a text, partitioned by the subject's 16 bytes; "
            "`link/<writer>/<sequence>`, `head/<writer>/<sequence>/<time>`, partitioned by the writer.",
            ("LookUpLink", "LookUpText", "LookUpHead"),
            SEND,
        ),
        names.dead_letters: About(
            "deadLetters", "What could not be used, of every source.", place, ("DeadLetter",), SEND
        ),
        names.dead_letters_of(CARRIER): About(
            "carrierDeadLetters",
            "What could not be used of one carrier; it may read no other's.",
            place,
            ("DeadLetter",),
            SEND,
        ),
        **counts(names),
        **_people(names),
        **sms(names),
    }


def _people(names: Names) -> dict[str, About]:
    """Return what is known of the topics about people."""
    fact = "UTF-8: `<aggregate>/<version>`; partitioned by the aggregate's key on commands."
    phone, person = "The phone's 16 bytes.", "The person's 16 bytes."
    passes = f"{fact} Of an erased holder's `pass-<id>/<version>`."
    by_aggregate = {
        names.declarations: About(
            "declarations",
            "What was declared, `NO_PHONE`, what people are asked (`CONTRADICTED`), erasures under way.",
            f"{fact} Of `NO_PHONE` `<person>/no-phone-<version>`, of what people are asked "
            "`<person>/contradicted-<version>`, of an erasure `<person>/erasure-<version>`.",
            ("Recorded",),
            SEND,
        ),
        names.referrals: About("referrals", "Referrals, findings.", fact, ("Recorded",), SEND),
        names.appeals: About("appeals", "Appeals.", fact, ("Recorded",), SEND),
        names.passes: About("passes", "Passes, and those revoked.", passes, ("Recorded",), SEND),
    }
    return by_aggregate | {
        names.commands: About(
            "commands",
            "What authenticated actors ask for, stamped by the read side.",
            "The aggregate: a phone's or person's 16 bytes, else its id in UTF-8.",
            ("Command",),
            RECEIVE,
        ),
        names.identity_bindings: About(
            "identityBindings",
            "Who holds which phone, as carriers tell it, and what was decided of it here.",
            "UTF-8: `<phone>/<version>`, of what was decided here `<phone>/decided-<version>`; partitioned "
            "by the phone's 16 bytes.",
            ("Binding", "Recorded"),
            RECEIVE,
        ),
        names.residents: About("residents", "The communities' own lists.", person, ("Resident",), RECEIVE),
        names.communities: About("communities", "Communities.", "UTF-8: their id.", ("Community",), RECEIVE),
        names.orders: About("orders", "Stricter tables.", "UTF-8: the order's id.", ("Order",), RECEIVE),
        names.person_colours: About(
            "personColours", "Persons' combined colours.", person, ("PersonColour",), SEND
        ),
        names.person_phones: About(
            "personPhones",
            "What each phone says of a person who holds or has held it, and the time; internal.",
            "UTF-8: `<person>/<phone>`, of the time `clock`; partitioned by the person's 16 bytes.",
            ("PersonPhone", "TimeAdvanced"),
            SEND,
        ),
        names.night_requests: About(
            "nightRequests", "Where is a phone at night? Internal.", phone, ("NightsAsked",), RECEIVE
        ),
        names.nights: About(
            "nights", "Where it is. Internal, kept for an hour.", person, ("NightsSpent",), SEND
        ),
    }


def _channel(topic: Topic, one: About, settings: Settings) -> dict[str, Any]:
    kept: dict[str, Any] = {
        name: int(value) if name in NUMBERS else value for name, value in topic.settings.items()
    }
    kept["cleanup.policy"] = kept["cleanup.policy"].split(",")
    kafka = {
        "topic": topic.name,
        "partitions": topic.partitions,
        "replicas": settings.replication,
        "topicConfiguration": kept,
        "bindingVersion": "0.5.0",
    }
    channel: dict[str, Any] = {
        "address": topic.name,
        "description": f"{one.what} Key: {one.key}",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in one.values},
    }
    if CARRIER in topic.name:
        channel["parameters"] = {"carrier": {"description": "The carrier's name."}}
        # Kafka knows no parameters, so the binding must not name the topic.
        del kafka["topic"]
    return channel | {"bindings": {"kafka": kafka}}


def _operation(one: About) -> dict[str, Any]:
    return {
        "action": one.action,
        "channel": {"$ref": f"#/channels/{one.channel}"},
        "summary": one.what,
        "messages": [{"$ref": f"#/channels/{one.channel}/messages/{name}"} for name in one.values],
    }


def _message(name: str) -> dict[str, Any]:
    schema = json.loads(codecs.load()[name].text)
    message = {
        "name": name,
        "title": name,
        "summary": schema.get("doc", name),
        "contentType": "application/avro",
        "payload": {"schemaFormat": AVRO, "schema": schema},
    }
    return message | {"headers": _ce_headers()} if name == "ColourChanged" else message


def _ce_headers() -> dict[str, Any]:
    """Return the headers of CloudEvents' binary mode."""
    headers: dict[str, Any] = {f"ce_{name}": {"type": "string"} for name in CE}
    headers["ce_source"]["const"] = SOURCE
    headers["ce_type"]["const"] = TYPE
    headers["content-type"] = {"type": "string", "const": "application/avro"}
    return {"type": "object", "properties": headers, "required": sorted(headers)}
