"""Referrals: what an upheld appeal asks of one (rule 15.3)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CloseReferral:
    """Asks that the person's referral be closed: an appeal of this name was upheld."""

    appeal: str
