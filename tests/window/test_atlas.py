"""What the rules say of a place: the same whether it was seen before they came or after."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

import h3.api.basic_int as h3
import numpy as np

from streams.domain.areas import by_hex
from streams.domain.policy import Deployment, Policy
from streams.domain.records import AreaVersion
from streams.domain.rules import Rules
from streams.window.atlas import Atlas

if TYPE_CHECKING:
    from streams.window.shapes import Array

HERE: Final = h3.latlng_to_cell(28.6, 121.2, 8)
CELLS: Final = np.array(sorted(h3.grid_disk(HERE, 12)), np.int64)
HOME: Final = ((((121.15, 28.55), (121.22, 28.55), (121.22, 28.65), (121.15, 28.55)),),)
DEPLOYMENT: Final = Deployment()


def square(random: Random, name: str, version: int) -> AreaVersion:
    """Return an area of some cells, now and then a version that is withdrawn."""
    east, north, side = (
        random.uniform(121.15, 121.25),
        random.uniform(28.55, 28.65),
        random.uniform(0.01, 0.05),
    )
    corners = ((0, 0), (side, 0), (side, side), (0, side), (0, 0))
    ring = tuple((east + x, north + y) for x, y in corners)
    return AreaVersion(name, version, ((ring,),), 0, fringe_rings=1, withdrawn=random.random() < 0.2)


def said(atlas: Atlas, rows: Array) -> list[tuple[int, list[tuple[int, int, list[int]]]]]:
    places, links = atlas.places, atlas.links
    found = []
    for row in rows.tolist():
        begin = places.first_link[row]
        several = [
            (
                int(atlas.areas.serial[links.area[link]]),
                int(links.flags[link]),
                links.beside[links.first[link] : links.end[link]].tolist(),
            )
            for link in range(begin, begin + places.links[row])
        ]
        found.append((int(places.flags[row]), several))
    return found


def test_what_is_said_of_a_place_does_not_depend_on_when_it_was_first_seen() -> None:
    for seed in range(12):
        random = Random(seed)
        policy = Policy(jurisdiction=HOME if seed % 2 else None, pingpong_rings=random.choice([0, 1, 2]))
        rules, early, late = Rules.of(policy, (), DEPLOYMENT), Atlas(), Atlas()
        struck = frozenset(random.sample(CELLS.tolist(), 3))
        early.rows(CELLS[::2], rules, struck)
        for version in range(1, 12):
            rules.replaced(square(random, random.choice("abcd"), version))
            early.judge_again(rules, struck)
            assert rules.by_hex == by_hex(rules.areas)
        late.named = list(early.named)
        late.resume(early.named, CELLS[:0])
        late.judge_again(rules, struck)
        assert said(early, early.rows(CELLS, rules, struck)) == said(late, late.rows(CELLS, rules, struck))
        again = said(early, early.rows(CELLS, rules, struck))
        early.judge_again(rules, struck)
        assert said(early, early.rows(CELLS, rules, struck)) == again
        assert any(flags & 1 and links for flags, links in again)
