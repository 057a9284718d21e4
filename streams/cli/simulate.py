"""`shendeng simulate`: a believable prefecture as files, and the truth beside them."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.city.city import City, generator
from streams.city.country import country
from streams.city.course import amended, timezone
from streams.city.feed import arrivals
from streams.city.journeys import DAY
from streams.city.place import UnfitError
from streams.cli._ending import SOME, in_one_line
from streams.cli._progress import Progress
from streams.files import scenery
from streams.files.deadletters import DeadLetters
from streams.files.doors import replacing
from streams.files.simulated import EventsFile, Phones, TruthFile
from streams.files.towers import tower_rows
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from datetime import datetime

    from streams.city.columns import Seen, Whereabouts
    from streams.city.place import Place

START: Final = "2020-02-01"
JURISDICTION: Final = "jurisdiction.geojson"
MOST_PHONES: Final = 50_000_000
MOST_DAYS: Final = 3660

EXAMPLE: Final = """\b
Example:
  shendeng simulate --phones 2000 --days 16 --seed 1 -o city

\b
And then:
  cd city && shendeng replay --towers towers.csv --areas areas.geojson --policy policy.toml \\
    --controls controls.ndjson events.csv -o changes.ndjson

Exit status: 0 all good, 3 some rows of --towers were left out, 2 an unusable option or file."""


@click.command(epilog=EXAMPLE, short_help="Make a believable prefecture as files, with the truth beside.")
@click.option("--phones", type=click.IntRange(1, MOST_PHONES), required=True, help="People with a phone.")
@click.option("--days", type=click.IntRange(1, MOST_DAYS), required=True, help="Days, from local midnight.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="The city made.")
@click.option(
    "--start",
    type=click.DateTime(["%Y-%m-%d"]),
    default=START,
    show_default=True,
    help="The first day; the last must be over.",
)
@click.option("--towers", metavar="FILE", help="Live among these towers, OpenCelliD's columns.")
@click.option("-o", "--output", "out", required=True, metavar="FOLDER", help="Where the files go.")
def command(*, phones: int, days: int, seed: int, start: datetime, towers: str | None, out: str) -> None:
    """Write towers, key areas, a policy, controls, sightings and the truth of a simulated city.

    Two runs with the same options write the same bytes. Without --towers the
    place is 台州 with made-up towers.
    """
    progress = Progress(clock.monotonic, shown=sys.stderr.isatty())
    with in_one_line():
        first = start.toordinal() * DAY - _EPOCH
        if first + (days + 1) * DAY > clock.now():
            raise UnusableError(
                "--start", "", f"expected {days} days that are over; {start:%Y-%m-%d} is too late"
            )
        letters = DeadLetters(None)
        place = None if towers is None else _place(towers, seed, first, letters)
        try:
            written = _written(City(seed, phones, first, days, place), Path(out), progress)
        except OSError as error:
            raise UnusableError(out, "", f"expected a folder that can be written: {error.strerror}") from None
    click.echo(f"{written}, {progress.elapsed():.1f} s, in {out}", err=True)
    if left_out := sum(letters.by_reason.values()):
        click.echo(f"shendeng: {towers}: {left_out} rows are no towers and were left out", err=True)
        sys.exit(SOME)


def _place(towers: str, seed: int, first: int, letters: DeadLetters) -> Place:
    """Return the place that a file's towers make; of two rows with one id the later stands."""
    found = {tower.id: tower for tower in tower_rows(towers, letters.of(towers))}
    try:
        return country(list(found.values()), generator(seed), first - 30 * DAY)
    except UnfitError as error:
        raise UnusableError(towers, "", str(error)) from None


@dataclass(slots=True)
class Written:
    """What was written, counted."""

    city: City
    sightings: int = 0
    truths: int = 0
    made: int = 0
    """Sightings, before some are sent twice; and how many days of people they are of."""
    days_of_people: int = 0

    def share(self) -> float:
        """Return how much of the work is done, 0 to 1."""
        return self.days_of_people / (self.city.phones * self.city.days)

    def __str__(self) -> str:
        place = self.city.place
        return (
            f"{self.sightings} sightings and {self.truths} lines of truth of {self.city.phones} phones over "
            f"{self.city.days} days, {len(place.towers)} towers, {len(place.areas)} key areas"
        )


def _written(city: City, out: Path, progress: Progress) -> Written:
    out.mkdir(parents=True, exist_ok=True)
    written, phones = Written(city), Phones(city.people.phone)
    with ExitStack() as doors:
        doors.callback(progress.clear)
        events = EventsFile(doors.enter_context(replacing(str(out / "events.csv"))), phones, city.cells)
        truth = TruthFile(doors.enter_context(replacing(str(out / "truth.csv"))), phones)

        def told(seen: Seen, where: Whereabouts) -> None:
            truth.write(where.phone, where.start, where.end, city.place.plane.degrees(where.xy))
            written.truths += len(where.phone)
            written.made += len(seen.at)
            written.days_of_people += int(where.phone[-1] - where.phone[0]) + 1
            progress.show(written.made, written.share)

        for seen in arrivals(city, told):
            events.write(seen.phone, seen.tower, seen.at)
            written.sightings += len(seen.at)
        for name, text in _scenery(city).items():
            doors.enter_context(replacing(str(out / name))).write(text.encode())
    return written


def _scenery(city: City) -> dict[str, str]:
    """Return the small files: half-way the last key area of ours grows a little."""
    place = city.place
    found = {
        "towers.csv": scenery.towers_csv(place.towers, place.areas[0].from_),
        "areas.geojson": scenery.areas_geojson(place.areas),
        "controls.ndjson": scenery.controls_ndjson([amended(city)], city.midnight(city.days)),
    }
    named = None
    if place.jurisdiction is not None:
        named = JURISDICTION
        found[JURISDICTION] = scenery.jurisdiction_geojson(place.jurisdiction)
    return {**found, "policy.toml": scenery.policy_toml(named, timezone(place))}


_EPOCH: Final = 719_163 * DAY
"""1970-01-01 as Python counts days, in seconds."""
