"""orders.toml: what is read, and that each mistake is one line with its place and remedy (rule 12.3)."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from streams.files.orders import proposed_orders
from streams.files.unusable import UnusableError
from streams.files.versions import newer
from streams.people.orders import Order
from streams.people.strictness import DEFAULT, GatePolicy

FILE = Path(__file__).parent.parent / "data" / "people" / "orders.toml"
NOW = 1_793_500_000
MARCH, APRIL, JULY = 1_772_294_400, 4_078_656_000, 4_086_547_200
MARKET = Order(
    "market",
    1,
    "lane-7",
    "Street office of Lane 7",
    ("Wang Fang", "Li Na"),
    "a crowded market",
    MARCH,
    APRIL,
    {"green": "register"},
)
SCHOOL = Order(
    "school",
    1,
    "lane-8",
    "Lane 8",
    ("Zhao Qian", "Sun Li"),
    "examinations",
    MARCH + 8 * 3600,
    JULY,
    {},
    signal_required=True,
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copyfile(FILE, tmp_path / "orders.toml")
    monkeypatch.chdir(tmp_path)
    return Path("orders.toml")


def changed(file: Path, old: str, new: str) -> str:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
    return str(file)


def refused(path: str, policy: GatePolicy | None = None) -> str:
    with pytest.raises(UnusableError) as error:
        proposed_orders(path, policy or GatePolicy(), NOW)
    return str(error.value)


def test_orders_are_read_with_times_in_either_spelling(file: Path) -> None:
    assert [one.version for one in proposed_orders(str(file), GatePolicy(), NOW)] == [MARKET, SCHOOL]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (', "Li Na"', "", "order 'market': expected the names of two different people who sign it"),
        ("Li Na", "wang fang ", "order 'market': expected the names of two different people who sign it"),
        ('["Wang Fang", "Li Na"]', '"Wang Fang"', "names: expected the names of the two who sign it"),
        ('reason = "a crowded market"', "", "reason: expected text, found nothing"),
        ('"a crowded market"', '" "', "order 'market': expected a reason: it is public"),
        ("until = 2099-04-01T00:00:00+08:00", "", "until: expected a time with its offset (RFC 3339), f"),
        ("2099-04-01T00:00:00+08:00", "2099-04-01", "until: expected a time with its offset (RFC 3339)"),
        ("2099-04-01T00:00:00+08:00", "2026-02-01T00:00:00Z", "market': expected an end after the beginning"),
        ("2099-04-01", "2026-04-01", "order 'market': until: expected a time to come, it is over already"),
        ("until =", "untill =", "unknown key 'untill'; the nearest is 'until'"),
        ("version = 1", "version = 0", "version: expected a whole number, 1 or more, found 0"),
        ('green = "register"', 'green = "hold"', "green: expected no further than register, not hold"),
        ('green = "register"', 'yellow = "pass"', "yellow: expected register or stricter, not pass"),
        ('green = "register"', "green = 3", "expected a colour, and one of pass, ask, register, hold"),
        ('{ green = "register" }', "{}", "order 'market': expected a stricter decision for a colour, or a"),
        ("Wang Fang", "0123456789abcdef", "expected at most 100 characters, no id and no number"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_the_order_and_what_to_do(
    file: Path, old: str, new: str, told: str
) -> None:
    said = refused(changed(file, old, new))
    assert said.startswith("orders.toml: [[order]] 1: ")
    assert told in said


def test_what_is_no_file_of_orders_is_refused_as_a_whole(file: Path) -> None:
    assert "[[order]] 2: order 'market': stands in [[order]] 1 too" in refused(
        changed(file, "school", "market")
    )
    assert refused(changed(file, "[[order]]", "[[orders]]")) == (
        "orders.toml: expected nothing but [[order]], found 'orders'"
    )
    file.write_text("")
    assert refused(str(file)) == "orders.toml: expected one [[order]] or more"
    file.write_text("[[order]\n")
    assert refused(str(file)).startswith("orders.toml: expected TOML: ")


def test_an_order_is_held_against_the_policy_in_force(file: Path) -> None:
    strict = GatePolicy(1, {**DEFAULT, "yellow": "hold"})
    said = refused(changed(file, 'green = "register"', 'yellow = "register"'), strict)
    assert said.endswith("yellow: expected hold or stricter, not register")


def test_a_version_that_would_be_ignored_is_refused_and_what_stands_is_left_out(file: Path) -> None:
    found = proposed_orders(str(file), GatePolicy(), NOW)
    assert [one.version for one in newer(found, {"market": MARKET})] == [SCHOOL]
    [same, _] = proposed_orders(changed(file, "a crowded market", "snow"), GatePolicy(), NOW)
    with pytest.raises(UnusableError, match="version 1 would be ignored, version 1 is published: make it 2"):
        newer([same], {"market": MARKET})


def test_an_order_is_taken_back_by_a_higher_version_whatever_else_it_says(file: Path) -> None:
    changed(file, "version = 1", "version = 2\nwithdrawn = true")
    [back, _] = proposed_orders(changed(file, "2099-04-01", "2026-04-01"), GatePolicy(), NOW)
    assert (back.version.version, back.version.withdrawn) == (2, True)
