"""A picture of areas on their cells as SVG: core, fringe, and the outline that was drawn (rule 2.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from streams.domain.extent import Extent
from streams.domain.hexes import RADIUS_KM, cells_of, core_of, outlines_of, unwound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.domain.records import AreaVersion, Ring

WIDTH: Final = 800
TALLEST: Final = 1600
MARGIN: Final = 30
ROW: Final = 22
"""Height of a line of the legend."""
BAR: Final = 160
"""The longest scale bar."""
SINGLY: Final = 20_000
"""Up to so many cells of an area are drawn one by one, more as what they cover together."""
KM_PER_DEGREE: Final = RADIUS_KM * math.pi / 180
STYLE: Final = (
    "text{font:14px sans-serif;fill:#222}"
    ".core{fill:#c0392b;stroke:#fff;stroke-width:.6}"
    ".fringe{fill:#f5b971;stroke:#fff;stroke-width:.6}"
    ".drawn{fill:none;stroke:#1f3a5f;stroke-width:2;stroke-linejoin:round}"
    ".name{text-anchor:middle;font-weight:bold;paint-order:stroke;stroke:#fff;stroke-width:4}"
)


@dataclass(frozen=True, slots=True)
class Shape:
    """An area as it is drawn: rings in degrees, and how many cells they stand for."""

    title: str
    drawn: tuple[Ring, ...]
    core: tuple[Ring, ...]
    fringe: tuple[Ring, ...]
    cores: int
    fringes: int

    @classmethod
    def of(cls, area: AreaVersion, resolution: int) -> Shape:
        """Lay an area out in cells."""
        cells = cells_of(area.geometry, resolution)
        core = core_of(cells, area.fringe_rings)
        fringe = cells - core
        polygons = [unwound(polygon) for polygon in area.geometry]
        over = polygons != list(area.geometry)
        singly = len(cells) <= SINGLY
        return cls(
            title=_printable(f"{area.name} ({area.id})" if area.name else area.id),
            drawn=tuple(ring for polygon in polygons for ring in polygon),
            core=tuple(outlines_of(core, singly=singly, over=over)),
            fringe=tuple(outlines_of(fringe, singly=singly, over=over)),
            cores=len(core),
            fringes=len(fringe),
        )

    def rings(self) -> tuple[Ring, ...]:
        """Return every ring of the picture."""
        return (*self.drawn, *self.core, *self.fringe)


class Sheet:
    """Where longitude and latitude lie on the picture: north up, the middle's latitude to scale."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._narrow = math.cos(math.radians((extent.south + extent.north) / 2))
        width, height = (extent.east - extent.west) * self._narrow, extent.north - extent.south
        self._scale = min((WIDTH - 2 * MARGIN) / width, (TALLEST - 2 * MARGIN) / height)
        self._left = (WIDTH - width * self._scale) / 2
        self.height = math.ceil(height * self._scale) + 2 * MARGIN

    @property
    def pixels_per_km(self) -> float:
        """Return how long a kilometre is."""
        return self._scale / KM_PER_DEGREE

    def at(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return a position's place."""
        x = self._left + (longitude - self._extent.west) * self._narrow * self._scale
        return round(x, 1), round(MARGIN + (self._extent.north - latitude) * self._scale, 1)

    def path(self, rings: Iterable[Ring], kind: str) -> str:
        """Return rings as one path."""
        drawn = "".join(f"M{'L'.join(f'{x:g} {y:g}' for x, y in self._steps(ring))}Z" for ring in rings)
        return f'<path class="{kind}" fill-rule="evenodd" d="{drawn}"/>'

    def _steps(self, ring: Ring) -> list[tuple[float, float]]:
        return [self.at(*position) for position in ring[:-1]]


def picture(areas: Sequence[AreaVersion], resolution: int) -> str:
    """Return the picture of one area or more, none of them withdrawn."""
    shapes = [Shape.of(area, resolution) for area in areas]
    extent = Extent.of(position for shape in shapes for ring in shape.rings() for position in ring)
    if extent is None:
        raise ValueError("a picture needs an area")
    sheet = Sheet(extent)
    legend = _legend(areas, shapes, sheet, resolution)
    height = sheet.height + ROW * len(legend) + MARGIN // 2
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">'
        ),
        f"<title>{escape(', '.join(shape.title for shape in shapes))}</title>",
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
    ]
    for shape in shapes:
        lines += [sheet.path(shape.fringe, "fringe"), sheet.path(shape.core, "core")]
    lines += [sheet.path(shape.drawn, "drawn") for shape in shapes]
    if len(shapes) > 1:
        lines += [_name(shape, sheet) for shape in shapes]
    lines += [
        f'<g transform="translate({MARGIN} {sheet.height + ROW * number})">{row}</g>'
        for number, row in enumerate(legend)
    ]
    return "\n".join([*lines, "</svg>", ""])


def _legend(
    areas: Sequence[AreaVersion], shapes: Sequence[Shape], sheet: Sheet, resolution: int
) -> list[str]:
    kinds = (("core", "core: red after a stay"), ("fringe", "fringe: yellow at most"), ("drawn", "as drawn"))
    swatches = "".join(
        f'<rect class="{kind}" x="{x}" y="2" width="16" height="12"/><text x="{x + 24}" y="13">{text}</text>'
        for x, (kind, text) in zip((0, 210, 420), kinds, strict=True)
    )
    rows = [swatches]
    for area, shape in zip(areas, shapes, strict=True):
        told = f"{shape.title}, version {area.version}: {shape.cores + shape.fringes} cells, "
        rows.append(f'<text y="13">{escape(told)}{shape.cores} core, {shape.fringes} fringe</text>')
    km = _round_below(BAR / sheet.pixels_per_km)
    length = round(km * sheet.pixels_per_km, 1)
    bar = f'<path d="M0 4V12H{length:g}V4" fill="none" stroke="#222"/>'
    return [
        *rows,
        f'{bar}<text x="{length + 8:g}" y="13">{km:g} km; H3 cells of resolution {resolution}</text>',
    ]


def _name(shape: Shape, sheet: Sheet) -> str:
    extent = Extent.of(position for ring in shape.drawn for position in ring)
    assert extent is not None  # noqa: S101 - an area has rings
    x, y = sheet.at((extent.west + extent.east) / 2, (extent.south + extent.north) / 2)
    return f'<text class="name" x="{x:g}" y="{y:g}">{escape(shape.title)}</text>'


def _printable(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return "".join(c if c.isprintable() else "?" for c in text)


def _round_below(length: float) -> float:
    """Return the largest of 1, 2, 5, 10, 20 … that is at most `length`."""
    power = 10.0 ** math.floor(math.log10(length))
    return next(step * power for step in (5, 2, 1) if step * power <= length)
