"""`shendeng replay`: make the journal that files imply and fold it; no broker is needed."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import click

from streams import clock, settings
from streams.cli._folding import Request, replay
from streams.cli._progress import Progress
from streams.domain.policy import Deployment
from streams.files.times import given
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from streams.accuracy.report import Report
    from streams.files.tally import Tally

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


@click.command(epilog=EXAMPLE, short_help="Fold files into colour changes; no broker is needed.")
@click.option("--journal", is_flag=True, help="Fold what is in Kafka's journal instead of files.")
@click.option("--towers", metavar="FILE", help="Cell towers, OpenCelliD's columns.")
@click.option("--areas", metavar="FILE", help="Risk areas as GeoJSON.")
@click.option("--policy", metavar="FILE", help="Thresholds as TOML; without it the built-in ones.")
@click.option("--controls", metavar="FILE", help="What happens on the way, one JSON object a line.")
@click.option("--until", metavar="TIME", help="Let time pass up to here after the last record (RFC 3339).")
@click.option(
    "--truth", metavar="FILE", help="Where each phone really was: say how often the colours are right."
)
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
    truth: str | None,
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
            _check_alone(towers, areas, policy, controls, until, events, dead_letters, truth)
            from streams.cli._journal import replay_journal  # noqa: PLC0415 - files need no Kafka

            tally, report = replay_journal(fixed, out, progress), None
        else:
            towers, areas, events = _files(towers, areas, events)
            deployment = Deployment(fixed.retention_days, fixed.max_skew)
            end = _time("--until", until)
            request = Request(
                towers, areas, policy, controls, events, out, dead_letters, truth, end, deployment, started
            )
            tally, report = replay(request, progress)
    except UnusableError as error:
        _fail(str(error), UNUSABLE)
    except BrokenPipeError:
        raise
    except OSError as error:
        _fail(f"{out}: expected a file that can be written: {error.strerror}", UNUSABLE)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a user sees no traceback
        _fail(f"internal error: {type(error).__name__} at {_place(error)}; please report it", INTERNAL)
    click.echo(_summary(tally, report, as_json=as_json), err=True)
    sys.exit(SOME_DEAD if tally.dead_letters else 0)


def _summary(tally: Tally, report: Report | None, *, as_json: bool) -> str:
    if not as_json:
        return tally.as_text() if report is None else f"{tally.as_text()}\n{report.as_text()}"
    return json.dumps(tally.as_dict() | ({} if report is None else {"accuracy": report.as_dict()}))


def _files(*files: str | None) -> tuple[str, ...]:
    found = tuple(file for file in files if file is not None)
    if len(found) < len(files):
        raise UnusableError("replay", "", "expected --towers, --areas and EVENTS, or --journal alone")
    return found


def _check_alone(*files: str | None) -> None:
    if any(file is not None for file in files):
        raise UnusableError("--journal", "", "expected no files beside it: the journal holds everything")


def _time(option: str, text: str | None) -> int | None:
    return None if text is None else given(option, text)


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "?" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _fail(text: str, status: int) -> NoReturn:
    click.echo(f"shendeng: {text}", err=True)
    sys.exit(status)
