"""`shendeng picture`: areas on their cells, core and fringe, as SVG; no broker is needed."""

from __future__ import annotations

import os
from pathlib import Path

import click

from streams import settings
from streams.cli._ending import in_one_line
from streams.files.doors import replacing
from streams.files.picture import picture
from streams.files.proposed import proposed_areas
from streams.files.unusable import UnusableError


@click.command(epilog="\b\nExample:\n  shendeng picture areas.geojson -o areas.svg")
@click.argument("file")
@click.option("--area", metavar="ID", help="Draw this area alone.")
@click.option("-o", "--output", "out", required=True, metavar="OUT", help="The picture, an SVG file.")
def command(*, file: str, area: str | None, out: str) -> None:
    """Draw the areas of FILE (GeoJSON) on the cells they would have, checked as for publishing."""
    with in_one_line():
        chosen = settings.load(os.environ, Path(settings.FILE))
        found = proposed_areas(file, chosen.resolution, chosen.max_area_hexes)
        shown = [one.version for one in found if not one.version.withdrawn and area in (None, one.version.id)]
        if not shown:
            raise UnusableError(file, "", "expected an area to draw" + (f" named {area!r}" if area else ""))
        drawn = picture(shown, chosen.resolution).encode()
        with replacing(out) as stream:
            stream.write(drawn)
