"""A small place with seeded people, written as the files of the contract."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import h3

if TYPE_CHECKING:
    from pathlib import Path

ORIGIN = (28.65, 121.42)
START = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
SIDE = 0.03


def cells() -> list[int]:
    """Return the hexes of the towers, in the order of their numbers."""
    return [h3.str_to_int(cell) for cell in _cells()]


def _cells() -> list[str]:
    return sorted(h3.grid_disk(h3.latlng_to_cell(*ORIGIN, 8), 12))


def write(folder: Path, seed: int, phones: int = 60, days: int = 8, start: int = START) -> None:
    """Write towers.csv, areas.geojson and events.csv."""
    rnd = random.Random(seed)
    cells = _cells()
    rows = ["radio,mcc,net,area,cell,unit,lon,lat,range"]
    for number, cell in enumerate(cells):
        lat, lon = h3.cell_to_latlng(cell)
        rows.append(f"LTE,460,0,1,{number},0,{lon},{lat},1000")
    (folder / "towers.csv").write_text("\n".join(rows) + "\n")
    lat, lon = ORIGIN
    ring = [[lon + x * SIDE, lat + y * SIDE] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]
    area = {
        "type": "Feature",
        "properties": {"id": "market", "version": 1, "from": "2026-10-01T00:00:00Z", "name": "市场 market"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    (folder / "areas.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [area]}))
    people = [(bytes([1]) + rnd.randbytes(15)).hex() for _ in range(phones)]
    homes = {phone: rnd.sample(range(len(cells)), 4) for phone in people}
    lines = ["phone,cell,seen_at"]
    for moment in range(start, start + days * 86_400, 900):
        for phone in people:
            if rnd.random() < 0.3:
                seen = datetime.fromtimestamp(moment + rnd.randrange(900), UTC)
                lines.append(f"{phone},460-0-1-{rnd.choice(homes[phone])},{seen:%Y-%m-%dT%H:%M:%SZ}")
    (folder / "events.csv").write_text("\n".join(lines) + "\n")
