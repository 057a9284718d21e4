"""`shendeng accuracy`: how often ours and other rules are right in simulated cities, as a document."""

from __future__ import annotations

import importlib.util
import os
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.cli._ending import SOME, in_one_line
from streams.cli._progress import Progress
from streams.files.deadletters import DeadLetters
from streams.files.doors import replacing
from streams.files.towers import tower_rows
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from streams.domain.towers import Tower
    from streams.study.study import Plan

START: Final = 1_580_515_200
"""2020-02-01T00:00:00Z, the first day of every city."""
MOST_PHONES: Final = 20_000
MOST_DAYS: Final = 60
TWO_DAYS: Final = 2

EXAMPLE: Final = """\b
Example:
  shendeng accuracy --phones 40 --days 3 --seeds 1 --check 2 -o docs

Needs matplotlib: pip install 'shendeng[plots]'. Two runs with the same options write the same bytes.
Exit status: 0 all good, 3 some rows of --towers were left out, 2 an unusable option or file."""


@click.command(epilog=EXAMPLE, short_help="How often ours and other rules are right, as a document.")
@click.option(
    "--phones", type=click.IntRange(1, MOST_PHONES), default=1000, show_default=True, help="A city."
)
@click.option(
    "--days", type=click.IntRange(TWO_DAYS, MOST_DAYS), default=16, show_default=True, help="A city."
)
@click.option("--seeds", default="1,2", show_default=True, help="The cities to choose on: the whole grid.")
@click.option("--check", default="3,4", show_default=True, help="The cities to check on; may be empty.")
@click.option("--towers", metavar="FILE", help="A country to check in too, OpenCelliD's columns.")
@click.option("--workers", type=click.IntRange(min=1), help="Processes.  [default: one a processor]")
@click.option("-o", "--output", "out", default="docs", show_default=True, metavar="FOLDER", help="Where to.")
def command(
    *, phones: int, days: int, seeds: str, check: str, towers: str | None, workers: int | None, out: str
) -> None:
    """Simulate cities, fold them under a grid of policies, and write accuracy.md with its plots."""
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    with in_one_line():
        if importlib.util.find_spec("matplotlib") is None:
            raise UnusableError("accuracy", "", "expected matplotlib: pip install 'shendeng[plots]'")
        letters = DeadLetters(None)
        plan = _plan(phones, days, (seeds, check), towers, letters)
        _make(Path(out))
        # Matplotlib and shapely are for this command only.
        from streams.study.page import document  # noqa: PLC0415
        from streams.study.study import study  # noqa: PLC0415

        try:
            found = study(plan, workers or os.cpu_count() or 1, progress.show_share)
        finally:
            progress.clear()
        _write(Path(out), document(found, _line(phones, days, seeds, check, towers)))
    click.echo(f"{out}/accuracy.md, {progress.elapsed():.1f} s", err=True)
    if left_out := sum(letters.by_reason.values()):
        click.echo(f"shendeng: {towers}: {left_out} rows are no towers and were left out", err=True)
        sys.exit(SOME)


def _plan(phones: int, days: int, seeds: tuple[str, str], towers: str | None, letters: DeadLetters) -> Plan:
    from streams.study.case import Made  # noqa: PLC0415 - shapely, for this command only
    from streams.study.study import Plan  # noqa: PLC0415 - as above

    choosing, checking = (
        _seeds(option, text) for option, text in zip(("--seeds", "--check"), seeds, strict=True)
    )
    if not choosing:
        raise UnusableError("--seeds", "", "expected a seed at least")
    if both := set(choosing) & set(checking):
        raise UnusableError("--check", "", f"expected other seeds than --seeds, found {min(both)}")
    rows = {} if towers is None else {t.id: t for t in tower_rows(towers, letters.of(towers))}
    plan = Plan(
        [Made(seed, phones, days, START) for seed in choosing],
        [Made(seed, phones, days, START) for seed in checking],
        tuple(rows.values()),
    )
    if towers is not None:
        _check_country(towers, plan.towers)
    return plan


def _check_country(path: str, towers: tuple[Tower, ...]) -> None:
    from streams.city.city import generator  # noqa: PLC0415 - for this command only
    from streams.city.country import country  # noqa: PLC0415 - as above
    from streams.city.place import UnfitError  # noqa: PLC0415 - as above

    try:
        country(towers, generator(0), START)
    except UnfitError as error:
        raise UnusableError(path, "", str(error)) from None


def _seeds(option: str, text: str) -> list[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UnusableError(option, "", f"expected whole numbers with commas between, found {text!r}")
    return list(dict.fromkeys(map(int, parts)))


def _line(phones: int, days: int, seeds: str, check: str, towers: str | None) -> str:
    words = [
        "shendeng",
        "accuracy",
        "--phones",
        str(phones),
        "--days",
        str(days),
        "--seeds",
        seeds,
        "--check",
        check,
    ]
    return shlex.join([*words, *(() if towers is None else ("--towers", towers))])


def _make(out: Path) -> None:
    """Make the folder before the work: minutes later would be late to say that it cannot be."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnusableError(
            str(out), "", f"expected a folder that can be written: {error.strerror}"
        ) from None


def _write(out: Path, files: dict[str, bytes]) -> None:
    """Write all of it or nothing."""
    try:
        for name in files:
            (out / name).parent.mkdir(exist_ok=True)
        with ExitStack() as doors:
            streams = {name: doors.enter_context(replacing(str(out / name))) for name in files}
            for name, content in files.items():
                streams[name].write(content)
    except OSError as error:
        raise UnusableError(
            str(out), "", f"expected a folder that can be written: {error.strerror}"
        ) from None
