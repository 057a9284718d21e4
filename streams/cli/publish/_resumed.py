"""A run that was killed goes on where it was: how far a file is published, remembered."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from streams import clock
from streams.files import resume

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.files.resume import Resume
    from streams.settings import Settings


@contextmanager
def resumed(
    file: str, state: str | None, proofs: Iterable[str], topic: str, made: str, chosen: Settings
) -> Iterator[tuple[Resume | None, int, int]]:
    """Yield how far an earlier run came, and the last moment a row may be dated (rule 1.4).

    `made` tells the topic from a later one of its name, `proofs` keys from others. All is forgotten if this
    run ends well. Standard input cannot be read again: nothing is remembered.
    """
    path = resume.state_file(state, chosen.home, file, topic)
    latest = clock.now() + chosen.max_skew
    if path is None:
        yield None, 0, latest
        return
    run = resume.Resume(path, resume.identity_of(file, (topic, made, *proofs)), latest)
    if run.line:
        click.echo(f"going on after line {run.line} of {file}", err=True)
    yield run, run.line, run.latest
    run.done()
