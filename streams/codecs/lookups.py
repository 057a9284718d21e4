"""Look-ups on their topic: links, texts and heads in Avro, and the keys under which they stand (rule 17.1).

Always single-object: whoever verifies needs no schema registry, and need not trust one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams.codecs import schemas
from streams.codecs.errors import CodecError
from streams.people.actors import Actor, Role
from streams.people.audit.chain import End, Link, Text
from streams.people.audit.heads import Head
from streams.people.audit.lookups import Kind, LookUp, Subject
from streams.people.audit.verify import Erased, Stood, Unreadable

if TYPE_CHECKING:
    from collections.abc import Mapping

LOOKUPS: Final = ("LookUpLink", "LookUpText", "LookUpHead")
LINK: Final = "link"
HEAD: Final = "head"


def encode_lookup(what: Link | Text | Head) -> bytes:
    """Return what stands on the topic: a LookUpLink, a LookUpText or a LookUpHead."""
    match what:
        case Link():
            return _encode_link(what)
        case Text():
            return _encode_text(what)
        case Head():
            return _encode_head(what)


def _encode_link(link: Link) -> bytes:
    return schemas.encode("LookUpLink", {name: getattr(link, name) for name in Link.__slots__})


def _encode_text(text: Text) -> bytes:
    lookup = text.lookup
    return schemas.encode(
        "LookUpText",
        {
            "writer": text.writer,
            "sequence": text.sequence,
            "salt": text.salt,
            "at": lookup.at,
            "actor": lookup.actor.id,
            "role": lookup.actor.role.value,
            "office": lookup.actor.office,
            "subject_kind": lookup.subject.kind.value,
            "subject": lookup.subject.id or None,
            "purpose": lookup.purpose,
            "ticket": lookup.ticket,
            "shown": list(lookup.shown),
            "denied": lookup.denied,
        },
    )


def _encode_head(head: Head) -> bytes:
    end = head.end
    return schemas.encode(
        "LookUpHead",
        {
            "writer": end.writer,
            "sequence": end.sequence,
            "hash": end.hash,
            "link_at": end.at,
            "at": head.at,
            "key": head.key,
            "signature": head.signature,
        },
    )


def decode_lookup(value: bytes | None) -> Link | Text | Head:
    """Read what stands on the topic; CodecError says why not."""
    name, fields = schemas.decode(value, *LOOKUPS)
    if any(isinstance(found, int) and found < 0 for found in fields.values()):
        raise CodecError("bad_value")
    if name == "LookUpLink":
        return Link(**fields)
    if name == "LookUpText":
        return Text(fields["writer"], fields["sequence"], fields["salt"], _lookup(fields))
    end = End(fields["writer"], fields["sequence"], fields["hash"], fields["link_at"])
    return Head(end, fields["at"], fields["key"], fields["signature"])


def lookup_key(what: Link | Text | Head) -> bytes:
    """Return the key of a record; a link's does not name its subject, a text's begins with it."""
    match what:
        case Link(writer, sequence):
            return f"{LINK}/{writer}/{sequence}".encode()
        case Head(end, at):
            return f"{HEAD}/{end.writer}/{end.sequence}/{at}".encode()
        case Text(writer, sequence, lookup=lookup):
            return f"{lookup.subject.id.hex() or lookup.subject.kind.value}/{writer}/{sequence}".encode()


def stood(partition: int, offset: int, key: bytes | None, value: bytes | None) -> Stood:
    """Return what a record of the topic is to whoever verifies; one that is none of ours is Unreadable."""
    if value is None:
        return Stood(partition, offset, _erased(key))
    try:
        what = decode_lookup(value)
    except CodecError as error:
        return Stood(partition, offset, Unreadable(error.reason))
    # Compaction goes by the key: under a key of another it would take that one away.
    return Stood(partition, offset, what if lookup_key(what) == key else Unreadable("bad_key"))


def _erased(key: bytes | None) -> Erased | Unreadable:
    kind, _, place = (key or b"").decode("utf-8", "replace").partition("/")
    writer, _, number = place.partition("/")
    if kind == HEAD:
        return Unreadable("erased_head")
    if not (number.isascii() and number.isdigit()):
        return Unreadable("bad_key")
    return Erased(writer, int(number), link=kind == LINK)


def _lookup(fields: Mapping[str, Any]) -> LookUp:
    try:
        return LookUp(
            Actor(fields["actor"], Role(fields["role"]), fields["office"]),
            Subject(Kind(fields["subject_kind"]), fields["subject"] or b""),
            fields["purpose"],
            fields["at"],
            tuple(fields["shown"]),
            fields["ticket"],
            fields["denied"],
        )
    except ValueError:
        raise CodecError("bad_value") from None
