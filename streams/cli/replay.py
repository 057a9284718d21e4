"""`shendeng replay`: make the journal that files imply and fold it; no broker is needed."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, Protocol

import click

from streams import clock, settings
from streams.cli._progress import Progress
from streams.domain.fold import Fold
from streams.domain.policy import Deployment
from streams.files.changes import write_changes
from streams.files.controls import controls_of
from streams.files.deadletters import DeadLetters
from streams.files.doors import STANDARD, replacing
from streams.files.doubts import doubts
from streams.files.events import sightings_of, source_of
from streams.files.geojson import areas_of
from streams.files.journal import journal_of
from streams.files.policy import policy_of
from streams.files.tally import Tally
from streams.files.times import Times
from streams.files.towers import towers_of
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.domain.fold import Outcome
    from streams.domain.records import Record
    from streams.files.events import Source

    class Folding(Protocol):
        """What folds one partition."""

        def apply(self, record: Record, offset: int | None) -> Outcome:
            """Apply one record whole."""


SOME_DEAD: Final = 3
"""Exit status: the run is complete, some rows were dead letters."""
UNUSABLE: Final = 2
INTERNAL: Final = 70
"""Exit status: an error of ours (EX_SOFTWARE)."""

EXAMPLE: Final = """\b
Example:
  shendeng replay --towers towers.csv --areas areas.geojson events.csv -o changes.ndjson

A file named - is standard input or output. Exit status: 0 all good, 3 some rows were dead letters,
2 an unusable file or option (the output file is then neither made nor changed)."""


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
    until: int | None
    deployment: Deployment
    started: int


@click.command(epilog=EXAMPLE, short_help="Fold files into colour changes; no broker is needed.")
@click.option("--journal", is_flag=True, help="Fold what is in Kafka's journal instead of files.")
@click.option("--towers", metavar="FILE", help="Cell towers, OpenCelliD's columns.")
@click.option("--areas", metavar="FILE", help="Risk areas as GeoJSON.")
@click.option("--policy", metavar="FILE", help="Thresholds as TOML; without it the built-in ones.")
@click.option("--controls", metavar="FILE", help="What happens on the way, one JSON object a line.")
@click.option("--until", metavar="TIME", help="Let time pass up to here after the last record (RFC 3339).")
@click.option("--dead-letters", metavar="FILE", help="Write each bad row's reason, file and line as NDJSON.")
@click.option("--retention-days", type=click.IntRange(min=1), help="Days a sighting is kept.  [default: 14]")
@click.option(
    "--max-skew", type=click.IntRange(min=0), help="Seconds a sighting may lie ahead.  [default: 300]"
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-o", "--output", "out", required=True, metavar="OUT", help="Colour changes as NDJSON.")
@click.argument("events", required=False)
def command(
    *,
    journal: bool,
    towers: str | None,
    areas: str | None,
    policy: str | None,
    controls: str | None,
    until: str | None,
    dead_letters: str | None,
    retention_days: int | None,
    max_skew: int | None,
    as_json: bool,
    out: str,
    events: str | None,
) -> None:
    """Fold EVENTS (CSV, or Parquet with the same columns) into colour changes.

    Makes the journal that the files imply and folds it with the code the workers run. The summary is
    printed on standard error.
    """
    started = clock.now()
    fixed = settings.load(os.environ, Path(settings.FILE))
    fixed = replace(
        fixed,
        retention_days=fixed.retention_days if retention_days is None else retention_days,
        max_skew=fixed.max_skew if max_skew is None else max_skew,
    )
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    try:
        if journal:
            _check_alone(towers, areas, policy, controls, until, events, dead_letters)
            from streams.cli._journal import replay_journal  # noqa: PLC0415 - files need no Kafka

            tally = replay_journal(fixed, out, progress)
        else:
            towers, areas, events = _files(towers, areas, events)
            deployment = Deployment(fixed.retention_days, fixed.max_skew)
            end = _time("--until", until)
            request = Request(
                towers, areas, policy, controls, events, out, dead_letters, end, deployment, started
            )
            tally = replay(request, progress)
    except UnusableError as error:
        _fail(str(error), UNUSABLE)
    except BrokenPipeError:
        raise
    except OSError as error:
        _fail(f"{out}: expected a file that can be written: {error.strerror}", UNUSABLE)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user sees no traceback
        _fail(f"internal error: {type(error).__name__} at {_place(error)}; please report it", INTERNAL)
    click.echo(tally.as_json() if as_json else tally.as_text(), err=True)
    sys.exit(SOME_DEAD if tally.dead_letters else 0)


def replay(request: Request, progress: Progress) -> Tally:
    """Do what is asked; UnusableError before anything is written at the output."""
    _check_standard(request)
    with ExitStack() as doors:
        doors.callback(progress.clear)
        # Left in reverse: the changes stand at their place only after the dead letters do.
        out = doors.enter_context(replacing(request.out))
        letters = DeadLetters(
            doors.enter_context(replacing(request.dead_letters)) if request.dead_letters else None
        )
        records, source = _read(request, letters)
        tally = Tally(letters.by_reason)
        begun = progress.elapsed()
        for record, outcome in records:
            if outcome.refused is not None:
                raise UnusableError(request.controls or request.events, "", outcome.refused)
            tally.take(record, outcome)
            write_changes(out, outcome.changes)
            progress.show(tally.sightings, source.share)
        tally.seconds = progress.elapsed() - begun
    return tally


def _read(request: Request, letters: DeadLetters) -> tuple[Iterator[tuple[Record, Outcome]], Source]:
    """Read and check everything but the events; return what folding them yields, and their source."""
    policy = policy_of(request.policy, request.deployment)
    areas = areas_of(request.areas, policy)
    controls = controls_of(request.controls, policy, areas, request.deployment) if request.controls else []
    towers = towers_of(request.towers, policy, letters.of(request.towers))
    source = source_of(request.events)
    for doubt in doubts(policy, areas, controls):
        click.echo(f"shendeng: warning: {doubt}", err=True)
    latest = request.started + request.deployment.max_skew
    sightings = sightings_of(source, towers, latest, letters.of(request.events))
    records = journal_of(sightings, controls, request.until, policy.slot_minutes)
    numbered = ((0, offset, record) for offset, record in enumerate(records))
    return folded(numbered, lambda partition: Fold(request.deployment, policy, areas, partition)), source


def folded(
    records: Iterable[tuple[int, int, Record]], fold_of: Callable[[int], Folding]
) -> Iterator[tuple[Record, Outcome]]:
    """Fold (partition, offset, record) in the order given; each partition by its own fold."""
    folds: dict[int, Folding] = {}
    for partition, offset, record in records:
        if partition not in folds:
            folds[partition] = fold_of(partition)
        yield record, folds[partition].apply(record, offset)


def _check_standard(request: Request) -> None:
    inputs = (request.towers, request.areas, request.policy, request.controls, request.events)
    if inputs.count(STANDARD) > 1:
        raise UnusableError(STANDARD, "", "expected one input at most from standard input")
    if request.dead_letters is not None and _same(request.dead_letters, request.out):
        raise UnusableError(
            request.out, "", "expected another file for the dead letters than for the changes"
        )


def _same(one: str, other: str) -> bool:
    return one == other or (STANDARD not in (one, other) and os.path.realpath(one) == os.path.realpath(other))


def _files(*files: str | None) -> tuple[str, ...]:
    found = tuple(file for file in files if file is not None)
    if len(found) < len(files):
        raise UnusableError("replay", "", "expected --towers, --areas and EVENTS, or --journal alone")
    return found


def _check_alone(*files: str | None) -> None:
    if any(file is not None for file in files):
        raise UnusableError("--journal", "", "expected no files beside it: the journal holds everything")


def _time(option: str, text: str | None) -> int | None:
    if text is None:
        return None
    seconds = Times()(text)
    if seconds is None:
        raise UnusableError(option, "", f"expected a time with its offset (RFC 3339), found {text!r}")
    return seconds


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _fail(text: str, status: int) -> NoReturn:
    click.echo(f"shendeng: {text}", err=True)
    sys.exit(status)
