"""What `shendeng convert` does with rows good and bad, and what it never writes."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from streams.cli.publish.events import command as publish_events
from streams.people.pseudonyms import Key
from streams.traces import sites
from tests.traces.converting import KEYS, convert, key_file, mapped, rows

if TYPE_CHECKING:
    from pathlib import Path

HASH = Key(1, bytes.fromhex("8f1de2a64c907b35d1e8f0a94b6c27d35e1f8a09b3c4d76e2a5b90f1c8e37d46"))
IDS = """
[[sighting]]
phone = "who"
time = "when"
tower = "site"
lon = "x"
lat = "y"
[phone]
kind = "id"
namespace = "trace"
[time]
format = "unix"
[tower]
kind = "id"
"""
CELLS = """
[[sighting]]
phone = "who"
time = "when"
tower = "site"
[phone]
kind = "number"
country = "US"
[time]
format = "unix"
[tower]
kind = "cell"
"""
BOTH_ENDS = """
[[sighting]]
phone = "a"
time = "when"
tower = "a_cell"
[[sighting]]
phone = "a"
time = "when"
after = "seconds"
tower = "a_cell"
optional = true
[[sighting]]
phone = "b"
time = "when"
tower = "b_cell"
optional = true
[[keep]]
column = "type"
values = ["call", "text"]
[phone]
kind = "number"
[time]
format = "unix"
[tower]
kind = "cell"
"""
A, B = "+12025550101", "+12025550102"


def of_id(text: str) -> str:
    return HASH.pseudonym_of_id("trace", text).hex()


def letters_of(folder: Path) -> list[tuple[str, int]]:
    found = map(json.loads, (folder / "letters.ndjson").read_text().splitlines())
    return [(letter["reason"], letter["line"]) for letter in found]


def test_a_bad_row_is_a_dead_letter_with_its_reason_and_line_and_costs_no_other(tmp_path: Path) -> None:
    record = (
        b"who,when,site,x,y\n"
        b"p1,1580515200,7,121.2,28.5\n"
        b"p1,,7,121.2,28.5\n"  # 3: blank
        b"p1,1580515200,7\n"  # 4: short
        b"p\xff,1580515200,7,121.2,28.5\n"  # 5: not of the encoding
        b"p1,yesterday,7,121.2,28.5\n"  # 6
        b"p1,1580515200," + b"7" * 65 + b",121.2,28.5\n"  # 7: an id too long
        b"p1,1580515200,7,121.2,98.5\n"  # 8: off the sphere
        b'p1,"15805152\n'  # 9: quotes that do not close
        b"p2,1580515201,8,121.3,28.5\n"
    )
    done = mapped(tmp_path, IDS, record, "--dead-letters", str(tmp_path / "letters.ndjson"))
    assert done.status == 3
    assert letters_of(tmp_path) == [
        ("bad_row", 3),
        ("bad_row", 4),
        ("bad_phone", 5),
        ("bad_time", 6),
        ("bad_tower", 7),
        ("bad_tower", 8),
        ("bad_row", 9),
    ]
    assert done.events == [
        (of_id("p1"), "1-1-0-7", "2020-02-01T00:00:00Z"),
        (of_id("p2"), "1-1-0-8", "2020-02-01T00:00:01Z"),
    ]
    assert "dead letters 7 (bad_phone 1, bad_row 3, bad_time 1, bad_tower 2)" in done.told


def test_both_ends_of_a_call_and_both_parties_are_seen_where_the_row_tells(tmp_path: Path) -> None:
    record = (
        "type,a,b,when,seconds,a_cell,b_cell\n"
        f"call,{A},{B},1580515200,90.5,460-0-1-1,460-0-1-2\n"
        f"text,{A},0044 else,1580515300,,460-0-1-1,\n"
        f"voicemail,{A},{B},1580515400,,460-0-1-1,460-0-1-2\n"
    )
    done = mapped(tmp_path, BOTH_ENDS, record)
    assert done.status == 0, done.told
    a, b = HASH.pseudonym(A).hex(), HASH.pseudonym(B).hex()
    assert sorted(done.events) == sorted(
        [
            (a, "460-0-1-1", "2020-02-01T00:00:00Z"),
            (a, "460-0-1-1", "2020-02-01T00:01:30Z"),
            (b, "460-0-1-2", "2020-02-01T00:00:00Z"),
            (a, "460-0-1-1", "2020-02-01T00:01:40Z"),
        ]
    )
    assert "left out     1\n" in done.told
    assert not (done.folder / "towers.csv").exists()


def test_what_is_optional_is_bad_where_it_is_not_blank_and_wrong(tmp_path: Path) -> None:
    record = f"type,a,b,when,seconds,a_cell,b_cell\ncall,{A},{B},1580515200,long,460-0-1-1,460-0-1\n"
    mapped(tmp_path, BOTH_ENDS, record, "--dead-letters", str(tmp_path / "letters.ndjson"))
    assert letters_of(tmp_path) == [("bad_time", 2), ("bad_tower", 2)]


def test_a_number_has_one_pseudonym_however_it_is_spelt(tmp_path: Path) -> None:
    spelt = [A, "12025550101", "2025550101", "(202) 555-0101"]
    record = "who,when,site\n" + "".join(f"{text},1580515200,460-00-1-2\n" for text in spelt)
    done = mapped(tmp_path, CELLS, record)
    assert set(done.events) == {(HASH.pseudonym(A).hex(), "460-0-1-2", "2020-02-01T00:00:00Z")}
    assert len(done.events) == 4


@pytest.mark.parametrize(
    "text",
    [
        "911",
        "555-0101",
        "call me",
        "+1 202 555 010",
        "".join(chr(0xFF10 + int(digit)) for digit in "2025550101"),
    ],
)
def test_what_is_no_number_is_a_bad_phone(tmp_path: Path, text: str) -> None:
    done = mapped(tmp_path, CELLS, f"who,when,site\n{text},1580515200,460-0-1-2\n")
    assert (done.status, done.events) == (3, [])
    assert "bad_phone 1" in done.told


def test_numbers_are_written_only_when_asked_for_and_then_as_publish_events_reads_them(
    tmp_path: Path,
) -> None:
    record = "who,when,site\n2025550101,1580515200,460-0-1-2\n"
    done = mapped(tmp_path, CELLS, record, "--numbers", keyed=False)
    assert done.events == [(A, "460-0-1-2", "2020-02-01T00:00:00Z")]
    events = str(done.folder / "events.csv")
    words = [events, "--carrier", "mobile", "--check", "--json", "--key-file", key_file(tmp_path)]
    checked = CliRunner().invoke(publish_events, words)
    assert json.loads(checked.stdout)["good"] == 1
    refused = mapped(tmp_path, CELLS, record, keyed=False)
    assert refused.status == 2
    assert refused.told == (
        "shendeng: --key-file: expected a key file to hash phones, or --numbers to write them as they are, "
        "found nothing\n"
    )


def test_during_a_rotation_a_sighting_is_written_under_both_pseudonyms(tmp_path: Path) -> None:
    keys = key_file(tmp_path, KEYS.parent / "rotation.toml")
    (tmp_path / "layout.toml").write_text(CELLS)
    (tmp_path / "cdr.csv").write_text("who,when,site\n2025550101,1580515200,460-0-1-2\n")
    line = ("--mapping", f"{tmp_path}/layout.toml", "--key-file", keys, f"{tmp_path}/cdr.csv")
    done = convert(tmp_path, *line)
    assert len({phone[:2] for phone, _, _ in done.events}) == len(done.events) == 2


def test_two_traces_with_the_same_ids_have_no_phone_in_common(tmp_path: Path) -> None:
    record = "who,when,site,x,y\n1,1580515200,7,121.2,28.5\n"
    phones = {
        mapped(tmp_path, IDS.replace('"trace"', f'"{name}"'), record).events[0][0] for name in ("one", "two")
    }
    assert len(phones) == 2


def test_of_two_places_of_one_site_the_later_stands_and_is_told(tmp_path: Path) -> None:
    record = "who,when,site,x,y\na,1,7,121.2,28.5\nb,2,7,121.3,28.5\nc,3,8,121.4,28.5\n"
    done = mapped(tmp_path, IDS, record)
    assert done.towers == {"1-1-0-7": (121.3, 28.5, "0"), "1-1-0-8": (121.4, 28.5, "0")}
    assert "towers       2 (1 of them said to stand in several places)" in done.told


def test_a_tower_that_the_list_of_sites_lacks_is_unknown(tmp_path: Path) -> None:
    mapping = (
        IDS.replace('lon = "x"\nlat = "y"\n', "")
        + '[sites]\ntower = "id"\nlon = "x"\nlat = "y"\nrange = "r"\n'
    )
    (tmp_path / "sites.csv").write_text("id,x,y,r\n7,121.2,28.5,6000\n8,121.2,north,\n9,121.3,28.5,far\n")
    record = "who,when,site\na,1580515200,7\nb,1580515200,8\n"
    listed = ("--sites", str(tmp_path / "sites.csv"), "--dead-letters", str(tmp_path / "letters.ndjson"))
    done = mapped(tmp_path, mapping, record, *listed)
    assert letters_of(tmp_path) == [("bad_tower", 3), ("bad_tower", 4), ("unknown_tower", 3)]
    assert done.towers == {"1-1-0-7": (121.2, 28.5, "6000")}
    assert [cell for _, cell, _ in done.events] == ["1-1-0-7"]


def test_standard_input_and_output_are_read_and_written(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text(CELLS)
    words = ("--mapping", f"{tmp_path}/layout.toml", "--key-file", key_file(tmp_path), "-")
    done = convert(tmp_path, *words, given=b"who,when,site\n2025550101,1580515200,460-0-1-2\n", out="-")
    assert rows(done.out.decode()) == [(HASH.pseudonym(A).hex(), "460-0-1-2", "2020-02-01T00:00:00Z")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["keys.toml", "layout.toml"]


def test_a_pipe_is_read_once_and_whole(tmp_path: Path) -> None:
    (tmp_path / "layout.toml").write_text(CELLS)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    record = b"who,when,site\n" + b"2025550101,1580515200,460-0-1-2\n" * 3000
    writer = threading.Thread(target=pipe.write_bytes, args=(record,))
    writer.start()
    words = ("--mapping", f"{tmp_path}/layout.toml", "--key-file", key_file(tmp_path), str(pipe))
    assert len(convert(tmp_path, *words).events) == 3000
    writer.join()


def test_the_summary_as_json_says_the_same(tmp_path: Path) -> None:
    record = "who,when,site,x,y\na,1580515200,7,121.2,28.5\nb,x,7,121.2,28.5\n"
    told = json.loads(mapped(tmp_path, IDS, record, "--json").told)
    assert told.pop("rows_per_s") > 0
    assert told == {
        "rows": 2,
        "left_out": 0,
        "sightings": 1,
        "towers": 1,
        "towers_in_several_places": 0,
        "dead_letters": {"bad_time": 1},
        "first_seen": "2020-02-01T00:00:00Z",
        "last_seen": "2020-02-01T00:00:00Z",
    }


def test_positions_of_phones_are_no_towers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sites, "MOST", 2)
    record = "who,when,site,x,y\n" + "".join(f"a,{n},{n},121.{n},28.5\n" for n in range(3))
    done = mapped(tmp_path, IDS, record)
    assert done.status == 2
    assert not done.folder.exists()
