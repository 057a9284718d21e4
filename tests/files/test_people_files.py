"""bindings.csv and residents.csv: what is read, what is left out and why, and what keys make of it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from streams.files.keys import keys_of
from streams.files.people import Bindings, Residents
from streams.files.unusable import UnusableError
from streams.people.bindings import Binding
from streams.people.codes.digits import CheckKey
from streams.people.documents import persons_of
from streams.people.register import Resident

if TYPE_CHECKING:
    from streams.people.pseudonyms import Keys

DATA = Path(__file__).parent.parent / "data"
LATEST = 1_800_000_000
LI, WANG = bytes.fromhex("01" + "0" * 28 + "11"), bytes.fromhex("01" + "0" * 28 + "12")
CHECK = CheckKey(bytes(range(32)))
OCTOBER = 1_790_784_000
"""2026-10-01T00:00:00+08:00"""


def keys(folder: Path, name: str) -> Keys:
    copy = folder / name
    shutil.copy(DATA / "carriers" / name, copy)
    copy.chmod(0o600)
    return keys_of(str(copy))


def read(table: Bindings | Residents) -> tuple[list[tuple[int, tuple[object, ...]]], list[tuple[str, int]]]:
    buried: list[tuple[str, int]] = []
    return list(table.values(lambda reason, line: buried.append((reason, line)))), buried


def bindings(name: str, with_keys: Keys | None = None) -> Bindings:
    return Bindings(str(DATA / "people" / name), with_keys, "mobile", LATEST)


def test_a_row_is_a_binding_and_no_person_means_nobody() -> None:
    found, buried = read(bindings("bindings.csv"))
    phone = bytes.fromhex("01" + "0" * 30)[:15] + b"\x01"
    assert buried == []
    assert [line for line, _ in found] == [2, 3, 4, 5]
    assert found[0][1] == (Binding(phone, 1, LI, "mobile", OCTOBER, None, None, None, 512),)
    assert found[1][1] == (Binding(phone, 2, None, "mobile", OCTOBER + 19 * 86_400),)
    assert found[3][1][0].until == OCTOBER + 14 * 86_400  # type: ignore[attr-defined]


def test_what_cannot_be_used_is_left_out_by_its_reason() -> None:
    found, buried = read(bindings("bad-bindings.csv"))
    assert [line for line, _ in found] == [12]
    assert buried == [
        ("bad_phone", 2),
        ("bad_person", 3),
        ("bad_time", 4),
        ("bad_time", 5),
        ("bad_time", 6),
        ("bad_version", 7),
        ("bad_version", 8),
        ("bad_check", 9),
        ("bad_row", 10),
        ("bad_row", 11),
    ]


def test_numbers_and_documents_become_pseudonyms(tmp_path: Path) -> None:
    one = keys(tmp_path, "keys.toml")
    found, buried = read(bindings("numbers.csv", one))
    [person] = persons_of(one, "resident_id", "11010119500101123X") or ()
    [phone], [other] = one.pseudonyms("+8613800138000"), one.pseudonyms("+8613800138001")
    assert [values for _, values in found] == [
        (Binding(phone, 1, person, "mobile", OCTOBER),),
        (Binding(other, 1, None, "mobile", OCTOBER),),
    ]
    assert buried == [("bad_person", 4), ("bad_phone", 5)]
    assert person[0] == phone[0] == one.current.epoch


def test_during_a_rotation_a_binding_names_both_pseudonyms_under_each_of_them(tmp_path: Path) -> None:
    both = keys(tmp_path, "rotation.toml")
    found, _ = read(bindings("numbers.csv", both))
    old, new = both.pseudonyms("+8613800138000")
    before, after = persons_of(both, "resident_id", "11010119500101123X") or ()
    assert found[0][1] == (
        Binding(old, 1, before, "mobile", OCTOBER, None, new, after),
        Binding(new, 1, after, "mobile", OCTOBER, None, old, before),
    )


def test_a_communitys_list_is_read_and_a_person_is_needed() -> None:
    found, buried = read(Residents(str(DATA / "people" / "residents.csv"), None))
    assert [values for _, values in found] == [
        (Resident(LI, 1, "lane-7", "60-69", 512, 0x8831AA5127FFFFF),),
        (Resident(WANG, 1, "lane-7", "30-39"),),
    ]
    assert buried == [("bad_hex", 4), ("bad_person", 5), ("bad_row", 6)]


def filed(folder: Path, name: str, *lines: str) -> str:
    (folder / name).write_text("\n".join(lines) + "\n")
    return str(folder / name)


def test_digits_become_a_check_value_with_the_key_and_are_nowhere_else(tmp_path: Path) -> None:
    path = filed(
        tmp_path,
        "residents.csv",
        "person,community,age_band,version,digits",
        f"{LI.hex()},lane-7,60-69,1,123x",
        f"{WANG.hex()},lane-7,30-39,1,",
        f"{WANG.hex()},lane-7,30-39,2,12345",
    )
    found, buried = read(Residents(path, None, CHECK))
    assert [values for _, values in found] == [
        (Resident(LI, 1, "lane-7", "60-69", CHECK.value("123X")),),
        (Resident(WANG, 1, "lane-7", "30-39"),),
    ]
    assert buried == [("bad_check", 4)]


def test_with_both_keys_a_document_gives_its_own_check_value_in_bindings_and_residents(
    tmp_path: Path,
) -> None:
    one, number = keys(tmp_path, "keys.toml"), "11010119500101123X"
    [person] = persons_of(one, "resident_id", number) or ()
    table = Bindings(str(DATA / "people" / "numbers.csv"), one, "mobile", LATEST, CHECK)
    (_, [first]), (_, [nobodys]) = read(table)[0]
    assert isinstance(first, Binding)
    assert isinstance(nobodys, Binding)
    assert (first.person, first.check) == (person, CHECK.value("123X"))
    assert (nobodys.person, nobodys.check) == (None, None)
    path = filed(
        tmp_path,
        "residents.csv",
        "document_type,document_number,community,age_band,version",
        f"resident_id,{number},lane-7,60-69,1",
        "passport,E12ABCD,lane-7,60-69,1",
    )
    found, buried = read(Residents(path, one, CHECK))
    assert [(entry.person == person, entry.check) for _, [entry] in found] == [  # type: ignore[attr-defined]
        (True, CHECK.value("123X")),
        (False, None),
    ]
    assert buried == []


@pytest.mark.parametrize(
    ("column", "key", "told"),
    [
        ("digits", None, "expected --check-key FILE beside the column digits"),
        ("check", CHECK, "expected no column check where --check-key works it out"),
        ("hex", CHECK, "expected a header with the column digits"),
    ],
)
def test_a_header_that_leaves_open_where_the_check_value_comes_from_is_refused(
    tmp_path: Path,
    column: str,
    key: CheckKey | None,
    told: str,
) -> None:
    path = filed(tmp_path, "residents.csv", f"person,community,age_band,version,{column}")
    with pytest.raises(UnusableError, match=told):
        Residents(path, None, key)


def test_a_file_without_its_columns_is_of_no_use(tmp_path: Path) -> None:
    file = tmp_path / "bindings.csv"
    file.write_text("phone,from,version\n")
    with pytest.raises(UnusableError, match="line 1: expected a header with the column person"):
        Bindings(str(file), None, "mobile", LATEST)
    with pytest.raises(UnusableError, match="expected a header with the column document_type"):
        Bindings(str(file), keys(tmp_path, "keys.toml"), "mobile", LATEST)


@pytest.mark.parametrize(
    "number", ["", "123", "11010119500101123x", "1101 01", "1101-01", "\u0661\u0661\u0660\u0661"]
)
def test_any_other_spelling_of_a_document_is_none(tmp_path: Path, number: str) -> None:
    assert persons_of(keys(tmp_path, "keys.toml"), "resident_id", number) is None
    assert persons_of(keys(tmp_path, "keys.toml"), "Resident ID", "110101") is None
