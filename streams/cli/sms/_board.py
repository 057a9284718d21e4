"""The switchboard of the commands that are at a carrier's side, out of the options they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from streams.files.keys import keys_of
from streams.files.passkeys import check_key_at
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.switchboard import Switchboard

if TYPE_CHECKING:
    from collections.abc import Callable

CARRIERS: Final = click.Choice(sorted(GRAMMARS))
KEYS: Final = "The keys of the pseudonyms, as bindings are published with."
CHECKS: Final = "The key of the digits' check values, as bindings are published with."


def carrier_option(*, required: bool) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """Return the option that names a carrier."""
    more = {"required": True} if required else {"default": "mobile", "show_default": True}
    return click.option("--carrier", type=CARRIERS, help="Whose grammar is spoken.", **more)


def switchboard(carrier: str, key_file: str, check_key: str) -> Switchboard:
    """Return a carrier's switchboard."""
    return Switchboard(GRAMMARS[carrier], keys_of(key_file), check_key_at(check_key, "--check-key"))
