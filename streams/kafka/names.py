"""The topics of a deployment, by its prefix."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Topic names; `prefix` is SHENDENG_TOPIC_PREFIX."""

    prefix: str = ""

    @property
    def journal(self) -> str:
        """Everything that drives the colours."""
        return f"{self.prefix}journal"

    @property
    def checkpoints(self) -> str:
        """How far each journal partition is folded."""
        return f"{self.prefix}checkpoints"

    @property
    def colour_changes(self) -> str:
        """What comes out."""
        return f"{self.prefix}colour-changes"

    @property
    def cell_towers(self) -> str:
        """Towers by id."""
        return f"{self.prefix}cell-towers"

    @property
    def dead_letters(self) -> str:
        """What could not be used, of every source."""
        return f"{self.prefix}dead-letters"

    def events(self, carrier: str) -> str:
        """Return the topic a carrier writes its sightings to."""
        return f"{self.prefix}location-events.{carrier}"

    def dead_letters_of(self, carrier: str) -> str:
        """Return the topic of one carrier's own dead letters."""
        return f"{self.prefix}dead-letters.{carrier}"

    def carrier(self, topic: str) -> str | None:
        """Return whose topic of sightings this is, None for any other topic."""
        stem = f"{self.prefix}location-events."
        return topic.removeprefix(stem) if topic.startswith(stem) and topic != stem else None
