"""The doors through which time enters, each with its own check of how far ahead it may be (rule 1.4)."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
from h3.api import basic_int as h3

from streams import codecs
from streams.agents.sorting import MILLISECONDS, Sorter
from streams.agents.towers import TowerTable
from streams.codecs.times import text
from streams.domain.towers import Tower
from streams.files.controls import controls_of
from streams.files.events import sightings_of, source_of
from streams.files.journal import entries_of
from streams.kafka.journal import Refused, admit
from streams.kafka.wire import Wire
from streams.window.columns import record_of
from tests.scenarios import notation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import Record
    from tests.scenarios.steps import Keys


def through_the_journal(
    record: Record, appended: int, policy: Policy, deployment: Deployment
) -> Record | str:
    """Read a journal record as a worker does, appended by the broker at that time."""
    value = codecs.encode_record(record)
    found = admit(value, appended * MILLISECONDS, deployment.max_skew, policy.resolution)
    return found.reason if isinstance(found, Refused) else record_of(found)


def from_a_carrier(keys: Keys, policy: Policy, deployment: Deployment) -> Iterator[Record | str]:
    """Take sightings as a carrier sends them: `sent`, and `appended` to its topic at one time."""
    rows = [keys.take("sent")]
    appended = keys.time("appended") * MILLISECONDS
    seen = [one for row in rows for one in notation.sightings(row, policy)]
    towers = TowerTable(policy.resolution, policy.coarse_range_m, lambda _name, _place: None, Wire(None).read)
    for tower in map(_tower_of, {one.cell for one in seen}):
        towers.take(SimpleNamespace(key=tower.id.encode(), value=codecs.encode_tower(tower)))
    sorter = Sorter(towers, slot_minutes=policy.slot_minutes, max_skew=deployment.max_skew, partitions=1)
    values = [
        codecs.encode_event(one.phone, _tower_of(one.cell).id, one.second * MILLISECONDS) for one in seen
    ]
    heard, _ = codecs.hear(codecs.Values.of(values), codecs.heads_of({}), codecs.decode_events)
    sorted_ = sorter.sort(heard, np.full(len(values), appended))
    yield from (reason for reason, _, _ in sorted_.refused)
    yield from (codecs.decode_record(value) for _, value in sorter.records(sorted_.placed))


def from_files(keys: Keys, policy: Policy, deployment: Deployment, folder: Path) -> Iterator[Record | str]:
    """Make the journal as `replay` does: `rows` of events, times of `controls`, `until`; `started` then."""
    seen = [one for row in keys.take("rows") for one in notation.sightings(row, policy)]
    lines = [f"{one.phone.hex()},{_tower_of(one.cell).id},{text(one.second)}\n" for one in seen]
    events, controls = folder / "events.csv", folder / "controls.ndjson"
    events.write_text("phone,cell,seen_at\n" + "".join(lines))
    times = [{"at": text(notation.seconds(at)), "type": "time"} for at in keys.take("controls", [])]
    controls.write_text("".join(json.dumps(time) + "\n" for time in times))
    placed = {_tower_of(one.cell).id: (one.cell, one.coarse) for one in seen}
    letters: list[str] = []
    sightings = sightings_of(
        source_of(str(events)),
        placed,
        keys.time("started") + deployment.max_skew,
        lambda reason, _line: letters.append(reason),
    )
    ahead = controls_of(str(controls), policy, [], deployment)
    entries = entries_of(sightings, ahead, keys.time("until", None), policy.slot_minutes)
    records = list(map(record_of, entries))
    yield from (*letters, *records)


def _tower_of(cell: int) -> Tower:
    latitude, longitude = h3.cell_to_latlng(cell)
    return Tower(f"460-0-{cell >> 32}-{cell & 0xFFFFFFFF}", longitude, latitude, 500.0)
