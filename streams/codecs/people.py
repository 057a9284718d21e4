"""Commands, recorded facts, bindings and register entries in Avro; and the keys they stand under."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, Final

from streams.codecs import schemas
from streams.codecs.bodies import decode_body, encode_body, plainly
from streams.codecs.errors import CodecError
from streams.codecs.geometry import geometry_fields, read_geometry
from streams.codecs.journal import LATEST
from streams.codecs.partition import partitions_of
from streams.codecs.writing import write
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.codes.digits import VALUES
from streams.people.commands import Command, Recorded
from streams.people.orders import Order
from streams.people.register import Community, Resident

PSEUDONYM: Final = re.compile("[0-9a-f]{32}", re.ASCII)
LONGEST: Final = 200
"""Characters of an id at most."""


def aggregate_key(aggregate: str) -> bytes:
    """Return what an aggregate's commands are keyed by: a pseudonym's 16 bytes, or UTF-8."""
    return bytes.fromhex(aggregate) if PSEUDONYM.fullmatch(aggregate) else aggregate.encode()


def version_key(aggregate: str, version: int) -> bytes:
    """Return the key of a fact: `<aggregate>/<version>`."""
    return f"{aggregate}/{version}".encode()


def binding_place(binding: Binding, partitions: int) -> tuple[bytes, int]:
    """Return the key of a carrier's binding, and its partition: the phone's, of so many."""
    [partition] = partitions_of([binding.phone], partitions)
    return version_key(binding.phone.hex(), binding.version), partition


def encode_command(command: Command[Any]) -> bytes:
    """Return a Command."""
    body, actor, at = encode_body(command.body), command.actor, command.at
    return write(Command(command.id, command.aggregate, actor, at, body, command.expected))


def decode_command(value: bytes | None) -> Command[Any]:
    """Read a Command with its body; CodecError says why not."""
    _, fields = schemas.decode(value, "Command")
    if not (0 < len(fields["id"]) <= LONGEST and 0 < len(fields["aggregate"]) <= LONGEST):
        raise CodecError("bad_value")
    command: Command[Any] = Command(fields["id"], fields["aggregate"], *_stamped(fields), fields["expected"])
    actor = command.actor
    if not 0 < len(actor.id) <= LONGEST or (
        actor.office is not None and not 0 < len(actor.office) <= LONGEST
    ):
        raise CodecError("bad_value")
    return command


def encode_recorded(fact: Recorded[Any]) -> bytes:
    """Return a Recorded."""
    body, actor, at = encode_body(fact.body), fact.actor, fact.at
    return write(Recorded(fact.aggregate, fact.version, fact.command, actor, at, body))


def decode_recorded(value: bytes | None) -> Recorded[Any]:
    """Read a Recorded with its body; CodecError says why not."""
    _, fields = schemas.decode(value, "Recorded")
    return Recorded(fields["aggregate"], fields["version"], fields["command"], *_stamped(fields))


def is_recorded(value: bytes) -> bool:
    """Tell a fact from other values of its topic."""
    return value.startswith(schemas.load()["Recorded"].header)


def _stamped(fields: dict[str, Any]) -> tuple[Actor, int, Any]:
    actor, at = fields["actor"], fields["at"]
    if not 0 <= at <= LATEST * 1000:
        raise CodecError("bad_value")
    try:
        role = Role(actor["role"])
    except ValueError:
        raise CodecError("bad_value") from None
    return Actor(actor["id"], role, actor["office"]), at, decode_body(fields["body"])


def encode_binding(binding: Binding) -> bytes:
    """Return a Binding."""
    return encode_body(binding)


_BINDING: Final = plainly(Binding)


def decode_binding(value: bytes | None) -> Binding:
    """Read a Binding; CodecError says why not."""
    _, fields = schemas.decode(value, "Binding")
    found: Binding = _BINDING(fields)
    times = (found.from_, found.from_ if found.until is None else found.until)
    if found.version < 1 or not found.carrier or not _check(found.check):
        raise CodecError("bad_value")
    if not all(0 <= time <= LATEST for time in times) or found.other_phone == found.phone:
        raise CodecError("bad_value")
    return found


def encode_resident(entry: Resident) -> bytes:
    """Return a Resident."""
    return encode_body(entry)


_RESIDENT: Final = plainly(Resident)


def decode_resident(value: bytes | None) -> Resident:
    """Read a Resident; CodecError says why not."""
    _, fields = schemas.decode(value, "Resident")
    found: Resident = _RESIDENT(fields)
    if found.version < 1 or not found.community or not _check(found.check):
        raise CodecError("bad_value")
    return found


def encode_community(community: Community) -> bytes:
    """Return a Community."""
    fields = {name: getattr(community, name) for name in ("id", "version", "name", "county", "withdrawn")}
    fields |= {"offices": list(community.offices), "geometry": geometry_fields(community.geometry)}
    return schemas.encode("Community", fields)


def decode_community(value: bytes | None) -> Community:
    """Read a Community; CodecError says why not."""
    _, fields = schemas.decode(value, "Community")
    if fields["version"] < 1 or not fields["id"]:
        raise CodecError("bad_value")
    read = {"offices": tuple(fields["offices"]), "geometry": read_geometry(fields["geometry"])}
    return Community(**(fields | read))


def encode_order(order: Order) -> bytes:
    """Return an Order."""
    table = {"table": dict(order.table), "names": list(order.names)}
    fields = {each.name.rstrip("_"): getattr(order, each.name) for each in dataclasses.fields(order)}
    return schemas.encode("Order", fields | table)


_ORDER: Final = plainly(Order)


def decode_order(value: bytes | None) -> Order:
    """Read an Order; CodecError says why not. Whether it may stand is `streams.people.orders`' to say."""
    _, fields = schemas.decode(value, "Order")
    found: Order = _ORDER({**fields, "names": tuple(fields["names"])})
    if found.version < 1 or not found.id or not found.community:
        raise CodecError("bad_value")
    if not (0 <= found.from_ <= LATEST and 0 <= found.until <= LATEST):
        raise CodecError("bad_value")
    return found


def _check(value: int | None) -> bool:
    return value is None or 0 <= value < VALUES
