"""What *truly* means here: a definition of its own, which no policy changes (docs/accuracy.md)."""

from __future__ import annotations

from typing import Final

HOUR: Final = 3600
DAY: Final = 24 * HOUR
WINDOW: Final = 14 * DAY
"""Seconds that count back from a moment: the past fourteen days."""
STAY: Final = 4 * HOUR
"""Seconds of a true visit that make a true stay."""
FORGIVEN: Final = HOUR // 2
"""Seconds: a shorter absence breaks neither a true visit nor a true absence from the jurisdiction."""
ABSENCE: Final = 4 * HOUR
"""Seconds beyond the jurisdiction after which coming back is a true arrival."""

BORDER_M: Final = 1000.0
"""Metres from an area's edge within which a home is at the border, and somebody is beside an area."""
FAR_M: Final = 10_000.0
"""Metres from an area beyond which somebody is elsewhere: no tower reaches so far by itself."""
TOWN_M: Final = 3000.0
TOWN_TOWERS: Final = 20
"""A home is in town iff so many towers stand within TOWN_M of it."""
NIGHT: Final = (22 * HOUR, 6 * HOUR)
"""When people are at home, by the sun: universal time and four minutes for each degree east."""

UNKNOWN, GREEN, YELLOW, RED = range(4)
COLOURS: Final = ("unknown", "green", "yellow", "red")
"""Colours by number."""
JUDGED: Final = (RED, YELLOW, GREEN)
"""The colours of which precision and recall are asked; the truth is unknown only where it is not told."""
