"""How a publishing command says what it did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from streams.cli._ending import SOME

if TYPE_CHECKING:
    from streams.files.deadletters import DeadLetters


def told(what: str, letters: DeadLetters) -> None:
    """Say what was published and what was left out; exit status 3 if anything was."""
    bad = sum(letters.by_reason.values())
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(letters.by_reason.items()))
    click.echo(f"published {what}" + (f"; left out {bad} bad rows ({reasons})" if bad else ""), err=True)
    sys.exit(SOME if bad else 0)
