"""A command that shows a phone's colour is a look-up: recorded first, shown then or not at all (17.1)."""

from __future__ import annotations

import asyncio
import os
import pwd
import secrets
from typing import TYPE_CHECKING, Final

from streams import clock
from streams.kafka.errors import EngineError, Fenced
from streams.kafka.lookups import recorder
from streams.people.actors import Actor, Role
from streams.people.audit.chain import SALT
from streams.people.audit.lookups import NONE_STATED, LookUp, LookUpError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.people.audit.lookups import Subject
    from streams.settings import Settings

TRIES: Final = 10
"""How often others who run the same command at once may be faster."""
MILLISECONDS: Final = 1000


def operator() -> Actor:
    """Return who runs this command, as the operating system has it."""
    number = os.getuid()
    try:
        return Actor(pwd.getpwuid(number).pw_name, Role.OPERATOR)
    except KeyError:
        return Actor(f"uid-{number}", Role.OPERATOR)


async def record(
    settings: Settings,
    writer: str,
    subject: Subject,
    shown: tuple[str, ...],
    purpose: str | None,
    ticket: str | None,
    denied: str | None = None,
) -> None:
    """Record a look-up, or one that was denied, in the command's own chain.

    EngineError if it cannot be, and nothing may be shown.
    """
    await record_each(settings, writer, [(subject, shown)], purpose, ticket, denied)


async def record_each(
    settings: Settings,
    writer: str,
    several: Sequence[tuple[Subject, tuple[str, ...]]],
    purpose: str | None,
    ticket: str | None,
    denied: str | None = None,
) -> None:
    """Record a look-up of each subject with what is shown of it, else as `record`."""
    if not several:
        return
    actor, now = operator(), clock.now() * MILLISECONDS
    try:
        lookups = [
            LookUp(actor, subject, purpose or NONE_STATED, now, shown, ticket or None, denied)
            for subject, shown in several
        ]
    except LookUpError as error:
        raise EngineError(f"the look-up cannot be recorded: {error}") from None
    for _ in range(TRIES):
        try:
            async with recorder(
                settings, writer, lambda: secrets.token_bytes(SALT), clock.now_precise
            ) as chain:
                await asyncio.gather(*map(chain.record, lookups))
                return
        except Fenced:
            continue
    raise EngineError("the look-up could not be recorded, others were faster each time: try again")
