"""Look-ups, chains of them and keys, as the audit's tests use them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from streams.people.actors import Actor, Role
from streams.people.audit.chain import begun, extended
from streams.people.audit.heads import Head, signed_head
from streams.people.audit.keys import FileSigner, PublicKeys
from streams.people.audit.lookups import Kind, LookUp, Subject
from streams.people.audit.verify import Report, Stood, verified

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from streams.people.audit.chain import Link, Text
    from streams.people.audit.verify import Erased, Unreadable

HOUR = 3_600_000
DAY = 24 * HOUR
NOW = 1_793_500_000_000
KEY = FileSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
OTHER_KEY = FileSigner(Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33))))
KEYS = PublicKeys().and_of(KEY)
PHONE = Subject(Kind.PHONE, bytes([1, *range(15)]))
PERSON = Subject(Kind.PERSON, bytes([1, *range(100, 115)]))
OFFICER = Actor("wang.fang", Role.OFFICER, "tz-jiaojiang")


def lookup(at: int = NOW, subject: Subject = PHONE, actor: Actor = OFFICER, **more: Any) -> LookUp:
    given = {"shown": ("colour red", "reasons STAYED"), "ticket": "T-17"} | more
    return LookUp(actor, subject, "an appeal is to be decided", at, **given)


def salt(number: int) -> bytes:
    return sha256(b"salt %d" % number).digest()


def chained(writer: str, *lookups: LookUp) -> tuple[list[Link], list[Text]]:
    """Return a writer's links and texts of these look-ups, from the first on."""
    end, links, texts = begun(writer), [], []
    for number, one in enumerate(lookups):
        link, text = extended(end, one, salt(number))
        links.append(link)
        texts.append(text)
        end = link.end()
    return links, texts


def head(link: Link, at: int | None = None, signer: FileSigner = KEY) -> Head:
    return signed_head(link.end(), link.at + HOUR if at is None else at, signer)


def stood(*what: Link | Text | Head | Erased | Unreadable, partition: int = 0) -> list[Stood]:
    return [Stood(partition, offset, one) for offset, one in enumerate(what)]


def report(records: Iterable[Stood], now: int = NOW + HOUR) -> Report:
    return verified(records, KEYS, now)


def codes(records: Iterable[Stood], now: int = NOW + HOUR) -> list[tuple[str, int]]:
    return [(one.code, one.sequence) for one in report(records, now).findings]


def write_keys(folder: Path, *signers: FileSigner) -> None:
    """Write the first signer's private key and everybody's public ones, under the names of the examples."""
    private = [one.private for one in signers or (KEY,)]
    secret = private[0].private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "audit-key.pem").write_bytes(secret)
    public = [
        one.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) for one in private
    ]
    (folder / "audit-keys.pem").write_bytes(b"".join(public))
