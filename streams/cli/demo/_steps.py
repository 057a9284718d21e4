"""What the demo's back office does on the way, and when: areas drawn and withdrawn, a window changed.

It goes the back office's own way (docs/back-office.md): a file, held against what stands, and its token.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.agents.published import in_force
from streams.city.journeys import DAY
from streams.city.place import Market
from streams.city.plans import HOUR
from streams.cli._office import proposing_areas, proposing_policy, publish
from streams.files.scenery import areas_geojson
from streams.kafka.errors import UnusableError
from streams.kafka.wire import wire_of

if TYPE_CHECKING:
    from streams.agents.published import InForce
    from streams.city.city import City
    from streams.cli._office import Propose
    from streams.cli.demo._controls import Key
    from streams.domain.records import AreaVersion
    from streams.settings import Settings

HISTORY_DAYS: Final = 16
TRIES: Final = 5
"""Somebody at a second terminal may publish at the same moment."""


@dataclass(frozen=True, slots=True)
class Site:
    """A key area to be drawn: id, name, and the number of the town around whose middle it is."""

    id: str
    name: str
    town: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """An area drawn as a square, half its side in metres; None withdraws it."""

    site: Site
    half: float | None


@dataclass(frozen=True, slots=True)
class Windows:
    """Policies one after the other, with nothing played between, that differ in window_days."""

    days: tuple[int, ...]


Doing: TypeAlias = "Drawn | Windows"

MARKET: Final = Site("lq-market", "路桥 Luqiao, night market", 2)
FAIR: Final = Site("xj-fair", "仙居 Xianju, county fair", 8)
STEPS: Final[tuple[tuple[float, Doing], ...]] = (
    (10 * DAY, Drawn(MARKET, 1300.0)),
    (11 * DAY, Drawn(MARKET, 2200.0)),
    (12 * DAY, Drawn(MARKET, None)),
    (15 * DAY, Windows((7, 14))),
    (HISTORY_DAYS * DAY + HOUR, Drawn(FAIR, 1300.0)),
    (HISTORY_DAYS * DAY + 2 * HOUR, Drawn(FAIR, 2200.0)),
    (HISTORY_DAYS * DAY + 3 * HOUR, Drawn(FAIR, None)),
)
"""Seconds after the first midnight, and what is done then. Once each and then no more: the token of a preview
fits only as long as nobody else publishes, and somebody may want to try that at a second terminal."""


class Office:
    """Publishes for the demo; its files stay in a folder."""

    def __init__(self, settings: Settings, city: City) -> None:
        self._settings, self._city = settings, city
        self._folder = Path(settings.home) / "demo"
        self._folder.mkdir(parents=True, exist_ok=True)

    def draw(self, drawn: Drawn) -> tuple[Key, Path]:
        """Publish the next version of an area; return what it is and its file."""
        known = self._stands().areas.get(drawn.site.id)
        version = self._version(drawn, 1 if known is None else known.version + 1)
        file = self._folder / f"{version.id}-{version.version}.geojson"
        file.write_text(areas_geojson([version]), encoding="utf-8")
        self._publish(proposing_areas(self._settings, str(file)), f"--areas {file}")
        return ("area", version.id, version.version), file

    def window(self, days: int) -> tuple[Key, Path]:
        """Publish a policy with this window; return what it is and its file."""
        version = self._stands().policy.version + 1
        file = self._folder / f"policy-{version}.toml"
        file.write_text(f"version = {version}\nwindow_days = {days}\n", encoding="utf-8")
        self._publish(proposing_policy(self._settings, str(file)), f"--policy {file}")
        return ("policy", "", version), file

    def _version(self, drawn: Drawn, number: int) -> AreaVersion:
        place = self._city.place
        half = drawn.half or 1000.0
        market = Market(drawn.site.id, drawn.site.name, drawn.site.town, place.towns[drawn.site.town], half)
        version = market.version(place.plane, number, self._city.midnight(0))
        return replace(version, withdrawn=drawn.half is None)

    def _stands(self) -> InForce:
        return asyncio.run(in_force(self._settings, wire_of(self._settings)))

    def _publish(self, propose: Propose, option: str) -> None:
        for left in reversed(range(TRIES)):
            try:
                publish(self._settings, propose, f"shendeng diff {option}", propose().token())
            except UnusableError:
                if not left:
                    raise
            else:
                return
