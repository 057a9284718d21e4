"""Folding files: everything read and checked, the journal they imply, and the changes it gives."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import click

from streams.cli._scoring import scoring_of
from streams.files.changes import ChangesFile
from streams.files.controls import controls_of
from streams.files.deadletters import DeadLetters
from streams.files.doors import STANDARD, replacing, same
from streams.files.doubts import doubts
from streams.files.events import sightings_of, source_of
from streams.files.geojson import areas_of
from streams.files.journal import entries_of
from streams.files.policy import policy_of
from streams.files.tally import Tally
from streams.files.towers import tower_rows, towers_of
from streams.files.unusable import UnusableError
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.accuracy.report import Report
    from streams.cli._progress import Progress
    from streams.cli._scoring import Scoring
    from streams.domain.policy import Deployment
    from streams.domain.records import Record
    from streams.domain.towers import Tower
    from streams.files.events import Source
    from streams.window.columns import SightingColumns


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for: paths as given, times in seconds."""

    towers: str
    areas: str
    policy: str | None
    controls: str | None
    events: str
    out: str
    dead_letters: str | None
    truth: str | None
    until: int | None
    deployment: Deployment
    started: int


def replay(request: Request, progress: Progress) -> tuple[Tally, Report | None]:
    """Do what is asked; UnusableError before anything is written at the output.

    The report is of how often it was right, where a truth is given.
    """
    _check_standard(request)
    with ExitStack() as doors:
        doors.callback(progress.clear)
        # Left in reverse: the changes stand at their place only after the dead letters do.
        out = doors.enter_context(replacing(request.out))
        letters = DeadLetters(
            doors.enter_context(replacing(request.dead_letters)) if request.dead_letters else None
        )
        reading = _read(request, letters)
        tally, scoring, window = Tally(letters.by_reason), reading.scoring, reading.window
        changes, begun = ChangesFile(out), progress.elapsed()
        for offset, record in enumerate(reading.records):
            outcome = window.apply(record, offset)
            if outcome.refused is not None:
                raise UnusableError(request.controls or request.events, "", outcome.refused)
            tally.take(record, outcome)
            if scoring is not None:
                scoring.said.take(record, outcome.changes)
            changes.write(outcome.changes)
            progress.show(tally.sightings, reading.source.share)
        tally.phones = window.phones
        tally.seconds = progress.elapsed() - begun
        return tally, None if scoring is None else scoring.report()


class _Reading(NamedTuple):
    """The journal, the window that folds it, the source of the events, what is scored if a truth is given."""

    records: Iterator[Record | SightingColumns]
    window: Window
    source: Source
    scoring: Scoring | None


def _read(request: Request, letters: DeadLetters) -> _Reading:
    """Read and check everything but the events."""
    policy = policy_of(request.policy, request.deployment)
    areas = areas_of(request.areas, policy)
    controls = controls_of(request.controls, policy, areas, request.deployment) if request.controls else []
    rows: Iterable[Tower] = tower_rows(request.towers, letters.of(request.towers))
    scoring = None
    if request.truth is not None:
        rows = list(rows)
        scoring = scoring_of(request.truth, rows, policy, areas, controls)
    towers = towers_of(rows, policy)
    source = source_of(request.events)
    for doubt in doubts(policy, areas, controls):
        click.echo(f"shendeng: warning: {doubt}", err=True)
    latest = request.started + request.deployment.max_skew
    sightings = sightings_of(source, towers, latest, letters.of(request.events))
    records = entries_of(sightings, controls, request.until, policy.slot_minutes)
    return _Reading(records, Window(request.deployment, policy, areas), source, scoring)


def _check_standard(request: Request) -> None:
    inputs = (request.towers, request.areas, request.policy, request.controls, request.events, request.truth)
    if inputs.count(STANDARD) > 1:
        raise UnusableError(STANDARD, "", "expected one input at most from standard input")
    if request.dead_letters is not None and same(request.dead_letters, request.out):
        raise UnusableError(
            request.out, "", "expected another file for the dead letters than for the changes"
        )
