"""`shendeng keys rotate`: a new key beside the one in force, so that nothing in use breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click
from cryptography.hazmat.primitives.asymmetric import ec

from streams import clock
from streams.cli._ending import in_one_line
from streams.files.passkeys import PUBLISHED, key_set_at, write_keys
from streams.files.unusable import UnusableError
from streams.people.codes.keys import CURVE, KeySet, KeySetError, id_of
from streams.people.codes.limits import HOUR, Limits
from streams.people.codes.rotation import rotated, without
from streams.people.times import text

LIMITS: Final = Limits()


@click.group(epilog="\b\nExample:\n  shendeng keys rotate passes --folder pass-keys --lead 48")
def rotate() -> None:
    """Change a key."""


@rotate.command(epilog="\b\nExample:\n  shendeng keys rotate passes --folder deployment/pass-keys")
@click.option(
    "--folder", required=True, metavar="FOLDER", help="Where the keys are; made if it is not there."
)
@click.option(
    "--lead",
    type=click.IntRange(0, 24 * 30),
    default=LIMITS.revocations_max_age // HOUR,
    show_default=True,
    help="Hours until the new key begins: as long as any verifier goes without fetching keys.",
)
@click.option(
    "--compromised",
    metavar="KEY",
    help="Drop this key: what it signed is refused, the new one begins at once.",
)
def passes(*, folder: str, lead: int, compromised: str | None) -> None:
    """Make a key for codes and passes. It begins after --lead hours, when the one in force ends.

    FOLDER/keys.json is what /v1/keys publishes; each private key has a file there that its owner alone can
    read. The first key begins at once.
    """
    with in_one_line():
        place, now = Path(folder), clock.now()
        _make(place)
        known = _known(place)
        private = ec.generate_private_key(CURVE)
        try:
            if compromised is not None:
                known = without(known or KeySet(now, {}), _id(compromised), now)
            keys = rotated(known, private.public_key(), now, lead * HOUR, LIMITS)
        except KeySetError as error:
            raise UnusableError(str(place / PUBLISHED), "", str(error)) from None
        write_keys(place, keys, private, now)
    new = keys.keys[id_of(private.public_key())]
    click.echo(f"key {new.id.hex()} begins {text(new.since)}")
    for key in keys.keys.values():
        if key.until is not None:
            good = text(key.until + LIMITS.paper)
            click.echo(f"key {key.id.hex()} ends {text(key.until)}; passes by it are good until {good}")
    click.echo(f"publish {place / PUBLISHED}")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableError(str(folder), "", f"expected a folder: {error.strerror}") from None


def _known(folder: Path) -> KeySet | None:
    path = folder / PUBLISHED
    return key_set_at(str(path)) if path.exists() else None


def _id(key: str) -> bytes:
    try:
        return bytes.fromhex(key)
    except ValueError:
        raise UnusableError("--compromised", "", "expected a key's id of 16 hex digits") from None
