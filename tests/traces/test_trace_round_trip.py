"""Sightings written in any layout and converted by its mapping are the sightings again."""

from __future__ import annotations

import csv
import io
import json
import random
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from streams.files.deadletters import DeadLetters
from streams.files.keys import keys_of
from streams.traces.convert import Conversion, events_csv
from streams.traces.layout import mapping_of
from streams.traces.sites import Found
from streams.traces.sorting import Sorted
from tests.traces.converting import KEYS, key_file, rows

SECRET = bytes.fromhex(tomllib.loads(KEYS.read_text())["epoch"][0]["key"])
START = int(datetime(2020, 2, 1, tzinfo=UTC).timestamp())
DAYS = 15
ZONE = "Asia/Shanghai"
NAMES = ("甲", "b;c", 'q"q', "d,e", "0007", "42", "x y", "é")


def hashed(message: str) -> str:
    return (bytes([1]) + blake2b(message.encode(), key=SECRET, digest_size=15).digest()).hex()


@dataclass(frozen=True)
class Layout:
    """One way to write a record down."""

    delimiter: str
    encoding: str
    header: bool
    quoted: bool
    phone: str
    time: str
    tower: str
    order: int
    extra: int


LAYOUTS = st.builds(
    Layout,
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["id", "pseudonym", "number"]),
    st.sampled_from(["unix", "unix-millis", "rfc3339", "local", "two columns"]),
    st.sampled_from(["cell", "parts", "constants", "id", "position", "text"]),
    st.integers(0, 1000),
    st.integers(0, 3),
)
SIGHTINGS = st.lists(
    st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, DAYS * 86_400)), max_size=40
)


def phone_of(kind: str, number: int) -> tuple[str, str]:
    """Return what the record calls a phone, and the pseudonym that must come of it."""
    if kind == "pseudonym":
        return (f"{number:032x}",) * 2
    if kind == "number":
        local = ("202-555-010%d", "+1202555010%d", "1202555010%d", "(202) 555-010%d")[number % 4]
        return local % number, hashed(f"+1202555010{number}")
    return NAMES[number], hashed(f"\0trace\0{NAMES[number]}")


def time_of(kind: str, seconds: int) -> tuple[str, ...]:
    local = datetime.fromtimestamp(seconds, ZoneInfo(ZONE))
    return {
        "unix": (f"{seconds}.5",),
        "unix-millis": (f"{seconds}123",),
        "rfc3339": (datetime.fromtimestamp(seconds, timezone(timedelta(hours=-3.5))).isoformat(),),
        "local": (f"{local:%d/%m/%Y %H:%M:%S}",),
        "two columns": (f"{local:%Y%m%d}", f"{local:%H%M%S}"),
    }[kind]


def tower_of(kind: str, number: int) -> tuple[dict[str, str], str]:
    """Return the columns that name a tower, and the id that must come of them."""
    lon, lat = 121 + number / 64, 31 - number / 64
    spot = {"lon": f"{lon}", "lat": f"{lat}"}
    grain = f"1-1-2-{round((lon + 180) * 1e5) * 10**8 + round((lat + 90) * 1e5)}"
    name = NAMES[number]
    area = 0 if name == "42" else 1
    site = name if name == "42" else str(int.from_bytes(b"\1" + name.encode()))
    return {
        "cell": ({"t": f"460-00-7-{number}"}, f"460-0-7-{number}"),
        "parts": ({"t1": "460", "t2": "00", "t3": "7", "t4": f"{number}"}, f"460-0-7-{number}"),
        "constants": ({"t1": "7", "t2": f"{number}"}, f"460-0-7-{number}"),
        "id": ({"t": name, **spot}, f"1-1-{area}-{site}"),
        "position": (spot, grain),
        "text": ({"spot": f"{lat} / {lon}"}, grain),
    }[kind]


def written(layout: Layout, sightings: list[tuple[int, int, int]]) -> tuple[bytes, list[str]]:
    """Return the record's bytes and its columns in their order."""
    table = []
    for phone, tower, seconds in sightings:
        row = {"p": phone_of(layout.phone, phone)[0], **tower_of(layout.tower, tower)[0]}
        row.update({f"w{place}": part for place, part in enumerate(time_of(layout.time, START + seconds))})
        row.update({f"extra {n}": f"x{n}" for n in range(layout.extra)})
        table.append(row)
    names = list(table[0]) if table else []
    random.Random(layout.order).shuffle(names)
    out = io.StringIO()
    writer = csv.writer(
        out,
        delimiter=layout.delimiter,
        quoting=csv.QUOTE_ALL if layout.quoted else csv.QUOTE_MINIMAL,
        lineterminator="\r\n",
    )
    writer.writerows(
        [names, *([row[n] for n in names] for row in table)]
        if layout.header
        else [[row[n] for n in names] for row in table]
    )
    return out.getvalue().encode(layout.encoding), names


def mapping(layout: Layout, names: list[str]) -> str:
    def ref(*wanted: str) -> str:
        found = [name if layout.header else names.index(name) + 1 for name in wanted]
        return json.dumps(found[0] if len(found) == 1 else found)

    towers = [name for name in ("t", "t1", "t2", "t3", "t4") if name in names]
    lines = [
        f"delimiter = {json.dumps(layout.delimiter)}",
        f"header = {json.dumps(layout.header)}",
        f"encoding = {json.dumps(layout.encoding)}",
        "[[sighting]]",
        f"phone = {ref('p')}",
        f"time = {ref(*sorted(name for name in names if name.startswith('w')))}",
    ]
    lines += [f"tower = {ref(*towers)}"] if towers else []
    lines += [f"lon = {ref('lon')}", f"lat = {ref('lat')}"] if "lon" in names else []
    lines += [f"position = {ref('spot')}"] if "spot" in names else []
    lines += ["[phone]", f"kind = {json.dumps(layout.phone)}"]
    lines += {"id": ["namespace = 'trace'"], "number": ["country = 'US'"], "pseudonym": []}[layout.phone]
    form = {"local": "%d/%m/%Y %H:%M:%S", "two columns": "%Y%m%d %H%M%S"}.get(layout.time, layout.time)
    lines += ["[time]", f"format = {json.dumps(form)}", *([f"zone = '{ZONE}'"] if "%" in form else [])]
    kind = {"parts": "cell", "constants": "cell", "text": "position"}.get(layout.tower, layout.tower)
    lines += ["[tower]", f"kind = {json.dumps(kind)}"]
    lines += ["mcc = 460", "net = 0"] if layout.tower == "constants" else []
    lines += ["[position]", "order = 'lat lon'", "separator = '/'"] if layout.tower == "text" else []
    return "\n".join(lines)


@given(LAYOUTS, SIGHTINGS, st.lists(st.integers(0, 40), max_size=2), st.integers(1, 50))
def test_a_layouts_sightings_come_back(
    layout: Layout, sightings: list[tuple[int, int, int]], cuts: list[int], held: int
) -> None:
    """Whatever files the record comes in and however many rows are held at once."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        edges = [0, *sorted(cut for cut in cuts if cut <= len(sightings)), len(sightings)]
        parts = [sightings[a:b] for a, b in pairwise(edges) if a < b]
        letters = DeadLetters()
        with Sorted(name, held) as lines:
            conversion = None
            for place, part in enumerate(parts):
                data, names = written(layout, part)
                path = folder / f"{place}.csv"
                path.write_bytes(data)
                if conversion is None:
                    (folder / "layout.toml").write_text(mapping(layout, names), encoding="utf-8")
                    keys = None if layout.phone == "pseudonym" else keys_of(key_file(folder))
                    found = Found()
                    conversion = Conversion(
                        mapping_of(str(folder / "layout.toml")), keys, found, letters, lines
                    )
                conversion.take(str(path), lambda _: None)
            events = rows(b"".join(events_csv(lines)).decode())
    expected = [
        (
            phone_of(layout.phone, phone)[1],
            tower_of(layout.tower, tower)[1],
            f"{datetime.fromtimestamp(START + seconds, UTC):%Y-%m-%dT%H:%M:%SZ}",
        )
        for phone, tower, seconds in sightings
    ]
    assert letters.by_reason == Counter()
    assert events == sorted(expected, key=lambda row: (row[2], row[0], row[1]))
    if parts and layout.tower in {"id", "position", "text"}:
        assert len(found) == len({tower for _, tower, _ in sightings})
