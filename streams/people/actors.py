"""Who acts: an authenticated identity, in a role, for an office (interfaces: HTTP, roles)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may be here; which role may do what is each aggregate's rule."""

    RESIDENT = "resident"
    GATE = "gate"
    COMMUNITY = "community"
    OFFICER = "officer"
    AUDITOR = "auditor"
    DASHBOARD = "dashboard"
    CARRIER = "carrier"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Actor:
    """An identity as the read side has authenticated it; `id` is opaque and the same at each sign-in.

    A resident's id is their person's pseudonym in 32 hex digits, a carrier's the carrier's name.
    """

    id: str
    role: Role
    office: str | None = None
