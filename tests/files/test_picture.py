"""A picture holds every cell once, core and fringe apart, wherever the area lies."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import shapely
from click.testing import CliRunner

from streams.cli.picture import command
from streams.domain.hexes import cells_of, core_of, outlines_of
from streams.domain.records import AreaVersion, Geometry
from streams.files.picture import picture

TESTS = Path(__file__).parent.parent
DRAWN = TESTS / "data" / "office" / "drawn.geojson"
GOLDEN = TESTS / "golden" / "picture" / "drawn.svg"


def box(west: float, south: float, east: float, north: float) -> Geometry:
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    return ((ring,),)


def rings(svg: str, kind: str) -> int:
    """Return how many rings are drawn of a kind."""
    return sum(
        path.count("M") for path in re.findall(rf'class="{kind}" fill-rule="evenodd" d="([^"]*)"', svg)
    )


def test_the_picture_is_the_one_looked_at(tmp_path: Path) -> None:
    out = tmp_path / "areas.svg"
    run = CliRunner().invoke(command, [str(DRAWN), "-o", str(out)])
    assert (run.output, run.exit_code) == ("", 0)
    assert out.read_text(encoding="utf-8") == GOLDEN.read_text(encoding="utf-8")


def test_every_cell_is_drawn_once_and_counted_in_the_legend() -> None:
    area = AreaVersion("market", 3, box(121.1, 28.4, 121.3, 28.6), 0, fringe_rings=2)
    svg, cells = picture([area], 8), cells_of(area.geometry, 8)
    core = core_of(cells, 2)
    assert (rings(svg, "core"), rings(svg, "fringe"), rings(svg, "drawn")) == (
        len(core),
        len(cells) - len(core),
        1,
    )
    told = f"market, version 3: {len(cells)} cells, {len(core)} core, {len(cells) - len(core)} fringe"
    assert told in svg


def test_many_cells_are_drawn_as_what_they_cover_together() -> None:
    cells = cells_of(box(121.1, 28.4, 121.3, 28.6), 8) - cells_of(box(121.15, 28.45, 121.2, 28.5), 8)
    one_by_one = sum(shapely.Polygon(ring).area for ring in outlines_of(cells, singly=True, over=False))
    together = [shapely.Polygon(ring).area for ring in outlines_of(cells, singly=False, over=False)]
    assert len(together) == 2
    assert max(together) - min(together) == pytest.approx(one_by_one, rel=1e-6)
    assert list(outlines_of(frozenset(), singly=False, over=False)) == []


def test_an_area_on_the_antimeridian_is_drawn_in_one_piece() -> None:
    svg = picture([AreaVersion("line", 1, box(179.9, -17.0, -179.9, -16.9), 0)], 8)
    numbers = [float(n) for path in re.findall(r' d="(M[^"]*)"', svg) for n in re.findall(r"[\d.]+", path)]
    assert max(numbers) <= 800
    assert rings(svg, "core") > 20
    assert ">2 km;" in svg


def test_names_cannot_break_the_picture() -> None:
    area = AreaVersion("a<b>&\u0001", 1, box(121.1, 28.4, 121.3, 28.6), 0, name='"x"')
    title = ET.fromstring(picture([area], 8)).find("{http://www.w3.org/2000/svg}title")  # noqa: S314 - ours
    assert title is not None
    assert title.text == '"x" (a<b>&?)'


def test_what_cannot_be_drawn_is_one_line_and_no_file(tmp_path: Path) -> None:
    out = tmp_path / "areas.svg"
    run = CliRunner().invoke(command, [str(DRAWN), "--area", "nobody", "-o", str(out)])
    assert (run.stderr, run.exit_code) == (
        f"shendeng: {DRAWN}: expected an area to draw named 'nobody'\n",
        2,
    )
    bad = TESTS / "data" / "unpublishable" / "areas" / "self-crossing.geojson"
    run = CliRunner().invoke(command, [str(bad), "-o", str(out)])
    assert (run.exit_code, run.stderr.count("\n"), list(tmp_path.iterdir())) == (2, 1, [])


def test_one_area_alone_is_drawn_larger(tmp_path: Path) -> None:
    out = tmp_path / "roma.svg"
    assert CliRunner().invoke(command, [str(DRAWN), "--area", "roma", "-o", str(out)]).exit_code == 0
    svg = out.read_text(encoding="utf-8")
    assert "roma, version 2" in svg
    assert "maseru" not in svg
