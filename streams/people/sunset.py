"""The sunset: from then on nothing is taken in and nothing is answered (rule 19.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from streams.people.times import text

STATUS: Final = 410
CODE: Final = "sunset"
"""Of the answer, and of dead letters of what came too late."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Why nothing is taken in or answered any more; `at` is the sunset, in unix seconds."""

    at: int

    @property
    def told(self) -> str:
        """Return it in words, with what is left to be done."""
        return f"the sunset was at {text(self.at)}: what is left is to purge (shendeng purge)"

    def problem(self) -> dict[str, Any]:
        """Return what a reader is answered, with STATUS (RFC 9457)."""
        return {
            "type": "about:blank",
            "title": "Gone",
            "status": STATUS,
            "code": CODE,
            "detail": f"this deployment ended at {text(self.at)}",
        }


def sunset(at: int | None, now: int) -> Gone | None:
    """Return why nothing is done any more at `now`, None before the sunset or where none is set (seconds)."""
    return None if at is None or now < at else Gone(at)
