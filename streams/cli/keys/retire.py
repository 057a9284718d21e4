"""`shendeng keys retire`: an epoch's key deleted, and all that was derived under it (rules 6.7, 19.2)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from streams.agents import refold
from streams.agents.published import in_force
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.cli.rebuild import rebuilt
from streams.files.keys import keys_of, write_key
from streams.files.unusable import UnusableError
from streams.kafka import admin, purging, retiring
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.people.keeping import DAY
from streams.topics import Names

if TYPE_CHECKING:
    from streams.people.pseudonyms import Keys
    from streams.settings import Settings

EPILOG = """\b
Example:
  SHENDENG_RETIRED_EPOCHS=1 shendeng keys retire 1 --key-file keys.toml

Run it again if it was broken off. Exit status: 2 nothing was deleted, or not all of it."""


@click.command(epilog=EPILOG)
@click.argument("epoch", type=click.IntRange(0, 255))
@click.option(
    "--key-file", required=True, metavar="FILE", help="The pseudonym keys; the epoch's goes, at last."
)
def retire(epoch: int, key_file: str) -> None:
    """Delete the key of EPOCH, the ending one, and its diaries, sequences, bindings and people.

    Before it the workers are stopped, the new epoch's diaries are a full window old, and the settings of all
    workers and commands have EPOCH in SHENDENG_RETIRED_EPOCHS. What of it stands in the journal is not folded
    any more, and ages out.
    """
    with in_one_line():
        settings, brokers = settings_and_brokers()
        keys = _checked(settings, keys_of(key_file), epoch, key_file)
        with admin.admin(brokers) as client:
            active = purging.active(client, settings)
        if active:
            raise UnusableError("keys retire", "", f"stop the workers first: {', '.join(active)} has members")
        asyncio.run(_check_full(settings, brokers, keys.current.epoch))
        names, wire, retired = Names(settings.topic_prefix), wire_of(settings), settings.retired
        with publisher(brokers, wire) as out:
            counts = retiring.remove_all(out, brokers, wire, names, retired)
            unlinked = retiring.unlink(out, brokers, wire, names.identity_bindings, retired)
        states = rebuilt(settings, brokers, range(settings.partitions))
        write_key(key_file, keys.current)
    for topic, count in counts.items():
        click.echo(f"{topic}: {count} marked for removal")
    click.echo(f"{names.identity_bindings}: {unlinked} without the link to epoch {epoch}")
    for one in states:
        click.echo(f"partition {one.partition}: {one.phones} phones left")
    click.echo(f"{key_file}: the key of epoch {epoch} is deleted")


def _checked(settings: Settings, keys: Keys, epoch: int, file: str) -> Keys:
    if keys.ending is None or keys.ending.epoch != epoch:
        found = "none is ending" if keys.ending is None else f"{keys.ending.epoch} is ending"
        raise UnusableError(
            file, "", f"expected epoch {epoch} to be the ending one of two, found that {found}"
        )
    if epoch not in settings.retired:
        raise UnusableError(
            "SHENDENG_RETIRED_EPOCHS",
            "",
            f"expected {epoch} in it, here and for every worker: none enters again",
        )
    return keys


async def _check_full(settings: Settings, brokers: str, epoch: int) -> None:
    """Raise UnusableError unless the new epoch's diaries are a full window old: nobody gets greener."""
    days = (await in_force(settings, wire_of(settings))).policy.window_days
    stretches = await refold.partitions(brokers, settings)
    found = [await refold.seen(brokers, settings, number, *ends, epoch) for number, ends in stretches.items()]
    spans = [span for span in found if span is not None]
    age = max((last for _, last in spans), default=0) - min((first for first, _ in spans), default=0)
    if age < days * DAY:
        raise UnusableError(
            "keys retire", "", f"epoch {epoch} was seen for {age // DAY} days, a window has {days}: wait"
        )
