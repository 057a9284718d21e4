"""What `replay` takes: a file of sightings folded into one of changes, as the command does it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from streams import clock
from streams.domain.policy import Deployment, Policy
from streams.files.changes import ChangesFile
from streams.files.doors import replacing
from streams.files.events import sightings_of, source_of
from streams.files.journal import entries_of
from streams.files.simulated import EventsFile, Phones
from streams.files.tally import Tally
from streams.window.window import Window

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.bench.runs import Event
    from streams.city.city import City


def written(events: Sequence[Event], path: Path) -> None:
    """Write sightings as events.csv."""
    seconds, phones, cells = zip(*events, strict=True)
    raw, phone = np.unique(np.array(phones, "V16"), return_inverse=True)
    names, cell = np.unique(np.array(cells), return_inverse=True)
    with path.open("wb") as out:
        file = EventsFile(out, Phones(raw.view(np.uint8).reshape(-1, 16)), names.tolist())
        file.write(phone, cell, np.array(seconds))


def replayed(city: City, events: Sequence[Event]) -> Tally:
    """Fold a file of sightings into one of changes; return what was done.

    Twice, and the second time counts: the first one loads compiled code, a second that a file as short as a
    bench's would be charged with and a city's would not.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "events.csv"), Path(folder, "changes.ndjson")
        written(events, source)
        folded(city, source, out)
        return folded(city, source, out)


def folded(city: City, events: Path, out: Path) -> Tally:
    """Do what the command does once towers and areas are read."""
    policy, deployment = Policy(), Deployment()
    towers = {t.id: t.placed(policy.resolution, policy.coarse_range_m) for t in city.place.towers}
    tally, window = Tally({}), Window(deployment, policy, city.place.areas)
    source = source_of(str(events))
    with replacing(str(out)) as stream:
        changes, begun = ChangesFile(stream), clock.monotonic()
        sightings = sightings_of(source, towers, clock.now(), _no_sighting)
        for offset, record in enumerate(entries_of(sightings, [], None, policy.slot_minutes)):
            outcome = window.apply(record, offset)
            tally.take(record, outcome)
            changes.write(outcome.changes)
        tally.seconds, tally.phones = clock.monotonic() - begun, window.phones
    return tally


def _no_sighting(reason: str, line: int) -> None:
    raise ValueError(f"line {line}: {reason}")
