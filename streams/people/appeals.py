"""Appeals: what is asked for when one is opened (rule 16.1)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenAppeal:
    """Asks that a reason, a contradiction or a manual binding be looked at by others (rule 16.1).

    `against` is `reason`, `contradiction` or `binding`; `phone` in 32 hex digits, empty where there is none.
    """

    against: str
    code: str
    area: str
    phone: str
    ticket: str
