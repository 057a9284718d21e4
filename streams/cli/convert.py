"""`shendeng convert`: call-detail records of any layout into our files; no broker is needed."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.cli._ending import SOME, in_one_line
from streams.cli._progress import Progress
from streams.codecs.times import text
from streams.files.deadletters import DeadLetters
from streams.files.doors import STANDARD, replacing, same
from streams.files.keys import keys_of
from streams.files.unusable import UnusableError
from streams.traces.convert import Conversion, events_csv, size_of
from streams.traces.layout import mapping_of
from streams.traces.sites import Found, sites_of
from streams.traces.sorting import Sorted
from streams.traces.who import check_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from streams.people.pseudonyms import Keys
    from streams.traces.convert import Tally
    from streams.traces.mapping import Mapping

EVENTS: Final = "events.csv"
TOWERS: Final = "towers.csv"

EXAMPLE: Final = """\b
Example:
  shendeng convert --mapping layout.toml --sites sites.csv --key-file keys.toml cdr.csv -o trace

docs/real-traces.md says how a mapping is written. A CDR named - is standard input; with -o - events go to
standard output, and no towers.csv is written. Exit status: 0 all good, 3 some rows were dead letters, 2 an
unusable file or option (nothing is then written)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    mapping: Mapping
    sites: str | None
    keys: Keys | None
    files: tuple[str, ...]
    out: str
    dead_letters: str | None


@click.command(epilog=EXAMPLE, short_help="Make events.csv and towers.csv of call-detail records.")
@click.option("--mapping", "layout", required=True, metavar="FILE", help="Which column means what, as TOML.")
@click.option("--sites", metavar="FILE", help="The trace's own list of sites, where it has one.")
@click.option("--key-file", metavar="KEYS", help="Hash phones with these keys.")
@click.option("--numbers", is_flag=True, help="Write numbers unhashed, for publish events --key-file.")
@click.option("--dead-letters", metavar="FILE", help="Write each bad row's reason, file and line as NDJSON.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("-o", "--output", "out", required=True, metavar="FOLDER", help="Where the files go.")
@click.argument("files", nargs=-1, required=True, metavar="CDR...")
def command(
    *,
    layout: str,
    sites: str | None,
    key_file: str | None,
    numbers: bool,
    dead_letters: str | None,
    as_json: bool,
    out: str,
    files: tuple[str, ...],
) -> None:
    """Convert call-detail records (phone, tower, time; CSV of any layout) by a mapping file.

    Writes events.csv, sorted by time, and towers.csv where the trace says where its towers are: ready for
    replay and publish. Phones become pseudonyms. The summary is printed on standard error.
    """
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    with in_one_line():
        mapping = mapping_of(layout)
        check_keys(mapping.phones, layout, keyed=key_file is not None, numbers=numbers)
        keys = keys_of(key_file) if key_file is not None else None
        asked = Asked(mapping, sites, keys, files, out, dead_letters)
        _check(asked, layout, key_file)
        try:
            tally, found, letters = _converted(asked, progress)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise UnusableError(out, "", f"expected a folder that can be written: {error.strerror}") from None
    summary = Summary(tally, found, letters, progress.elapsed())
    click.echo(summary.as_json() if as_json else summary.as_text(), err=True)
    sys.exit(SOME if letters.by_reason else 0)


def _check(asked: Asked, layout: str, key_file: str | None) -> None:
    """Refuse options that do not go together."""
    if (asked.sites is None) != (asked.mapping.sites is None):
        wanted = f"a list of sites, as [sites] of {layout} says" if asked.mapping.sites else "none"
        raise UnusableError("--sites", "", f"expected {wanted}, found {asked.sites or 'nothing'}")
    inputs = (layout, *asked.files, *(() if asked.sites is None else (asked.sites,)))
    if inputs.count(STANDARD) > 1:
        raise UnusableError(STANDARD, "", "expected one input at most from standard input")
    if STANDARD in asked.files and any(seen.phone is None for seen in asked.mapping.seen):
        raise UnusableError(STANDARD, "", "expected a file: its name is the phone (phone: file_name)")
    outputs = [asked.out] if asked.out == STANDARD else [str(Path(asked.out) / n) for n in (EVENTS, TOWERS)]
    if asked.dead_letters is not None and _among(asked.dead_letters, outputs):
        raise UnusableError(asked.dead_letters, "", "expected another file for the dead letters")
    for written in (*outputs, *([asked.dead_letters] if asked.dead_letters else [])):
        if written != STANDARD and _among(written, [*inputs, *([key_file] if key_file else [])]):
            raise UnusableError(written, "", "expected another place to write to: this file is read")


def _among(path: str, others: Iterable[str]) -> bool:
    return any(same(path, other) for other in others)


@contextmanager
def _folder(path: str) -> Iterator[Path | None]:
    """Give the output's folder, None for standard output; what was made for nothing is taken away."""
    if path == STANDARD:
        yield None
        return
    folder = Path(path)
    made = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    except BaseException:
        with suppress(OSError):
            for one in made:
                one.rmdir()
        raise


def _converted(asked: Asked, progress: Progress) -> tuple[Tally, Found, DeadLetters]:
    """Do what is asked; files appear only when all is read."""
    with _folder(asked.out) as folder, ExitStack() as doors:
        doors.callback(progress.clear)
        letters = DeadLetters(
            doors.enter_context(replacing(asked.dead_letters)) if asked.dead_letters else None
        )
        found = _sites(asked, letters)
        lines = doors.enter_context(Sorted(None if folder is None else str(folder)))
        conversion = Conversion(asked.mapping, asked.keys, found, letters, lines)
        _take(conversion, asked.files, progress)
        events = STANDARD if folder is None else str(folder / EVENTS)
        doors.enter_context(replacing(events)).writelines(events_csv(lines))
        if folder is not None and (asked.mapping.places or asked.sites is not None):
            found.write(doors.enter_context(replacing(str(folder / TOWERS))))
    return conversion.tally, found, letters


def _sites(asked: Asked, letters: DeadLetters) -> Found:
    return Found() if asked.sites is None else sites_of(asked.sites, asked.mapping, letters.of(asked.sites))


def _take(conversion: Conversion, files: tuple[str, ...], progress: Progress) -> None:
    """Convert all files; first every header is looked at, of what can be read twice."""
    for path in files:
        if path != STANDARD and not Path(path).is_fifo():
            conversion.check(path)
    whole, before = sum(map(size_of, files)), 0
    for path in files:

        def told(position: Callable[[], int], before: int = before) -> None:
            share = (before + position()) / whole if whole else None
            progress.show(conversion.tally.sightings, lambda: share)

        conversion.take(path, told)
        before += size_of(path)


@dataclass(frozen=True, slots=True)
class Summary:
    """What is told at the end."""

    tally: Tally
    found: Found
    letters: DeadLetters
    seconds: float

    def as_text(self) -> str:
        """Return the summary as lines."""
        dead = ", ".join(f"{reason} {count}" for reason, count in sorted(self.letters.by_reason.items()))
        total = self.letters.by_reason.total()
        moved = f" ({self.found.moved} of them said to stand in several places)" if self.found.moved else ""
        rows = (
            ("rows", str(self.tally.rows)),
            ("left out", str(self.tally.left_out)),
            ("sightings", str(self.tally.sightings)),
            ("towers", f"{len(self.found)}{moved}"),
            ("dead letters", f"{total} ({dead})" if dead else "0"),
            ("first seen", _time(self.tally.first) or "-"),
            ("last seen", _time(self.tally.last) or "-"),
            ("rows/s", str(self._rate)),
        )
        return "\n".join(f"{name:<13}{value}" for name, value in rows)

    def as_json(self) -> str:
        """Return the summary as one line of JSON."""
        return json.dumps(
            {
                "rows": self.tally.rows,
                "left_out": self.tally.left_out,
                "sightings": self.tally.sightings,
                "towers": len(self.found),
                "towers_in_several_places": self.found.moved,
                "dead_letters": dict(sorted(self.letters.by_reason.items())),
                "first_seen": _time(self.tally.first),
                "last_seen": _time(self.tally.last),
                "rows_per_s": self._rate,
            }
        )

    @property
    def _rate(self) -> int:
        return round(self.tally.rows / self.seconds) if self.seconds > 0 else 0


def _time(seconds: int | None) -> str | None:
    return None if seconds is None else text(seconds)
