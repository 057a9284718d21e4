"""Every kind of person is there, and replay gives each the colours one expects of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streams.city.people import NAMES

if TYPE_CHECKING:
    from collections.abc import Callable

Phones = dict[str, list[str]]


def share(kinds: dict[str, str], colours: Phones, kind: str, has: Callable[[list[str]], bool]) -> float:
    of_kind = [phone for phone, found in kinds.items() if found == kind]
    return sum(has(colours[phone]) for phone in of_kind) / len(of_kind)


def ever(colour: str) -> Callable[[list[str]], bool]:
    return lambda colours: colour in colours


def last(colour: str) -> Callable[[list[str]], bool]:
    return lambda colours: colours[-1] == colour


def test_every_kind_of_person_is_there(kinds: dict[str, str]) -> None:
    assert set(kinds.values()) == set(NAMES)


@pytest.mark.parametrize(
    ("kind", "has", "least"),
    [
        ("plain", last("green"), 0.8),
        ("stays", ever("red"), 0.6),
        ("passes", ever("yellow"), 0.8),
        ("travels", ever("yellow"), 0.7),
        ("moves_in", ever("red"), 0.8),
        ("calls_by", ever("red"), 0.8),
        ("border", ever("yellow"), 0.8),
        ("off", last("unknown"), 0.8),
        ("new", last("unknown"), 0.8),
    ],
)
def test_most_of_a_kind_have_its_colour(
    kinds: dict[str, str], colours: Phones, kind: str, has: Callable[[list[str]], bool], least: float
) -> None:
    assert share(kinds, colours, kind, has) >= least


@pytest.mark.parametrize(
    ("kind", "most"),
    [("plain", 0.01), ("passes", 0.05), ("travels", 0.05), ("cloned", 0.2), ("border", 0.5), ("new", 0.0)],
)
def test_few_of_a_kind_are_ever_red(kinds: dict[str, str], colours: Phones, kind: str, most: float) -> None:
    assert share(kinds, colours, kind, ever("red")) <= most
