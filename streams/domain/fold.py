"""The fold: a journal partition in, colour changes out (rules 6.1 to 6.6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.policy import Deployment, Policy
    from streams.domain.records import AreaVersion, ColourChanged, Record


@dataclass(slots=True)
class Outcome:
    """What applying one record did."""

    changes: list[ColourChanged] = field(default_factory=list)
    refused: str | None = None
    """Why the record was refused (a dead letter's detail), None if it was taken or ignored."""
    too_late: int = 0
    """Sightings dropped because they were older than what is kept (rule 1.5)."""


class Fold:
    """The state of one journal partition; `apply` takes the next record."""

    def __init__(
        self, deployment: Deployment, policy: Policy, areas: Iterable[AreaVersion] = (), partition: int = 0
    ) -> None:
        raise NotImplementedError

    def apply(self, record: Record, offset: int | None) -> Outcome:
        """Apply one record whole (rule 6.5) and return its changes in the rule's order."""
        raise NotImplementedError
