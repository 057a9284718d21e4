"""Leads: what nobody has checked stops nobody (rules 10.3, 15.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.domain.colours import COLOURS
from streams.people.combined import exempt

if TYPE_CHECKING:
    from streams.domain.records import Reason
    from streams.people.sources import Facts, Ground


def firm(facts: Facts) -> Facts:
    """Return what is left of the facts without leads.

    A lead is all that a phone bound by hand says until the binding is confirmed (rule 10.3), and every red
    reason that no human has found confirmed (rule 15.2). A phone of which nothing is left vouches for nobody.
    """
    phones = [
        replace(phone, reasons=left)
        for phone in facts.phones
        if not phone.manual and (left := _checked(phone.reasons, facts.confirmed))
    ]
    kept = [
        replace(one, reasons=left)
        for one in facts.kept
        if not one.manual and (left := _checked(one.reasons, facts.confirmed))
    ]
    declared = facts.declared
    if declared is not None:
        left = _checked(declared.reasons, facts.confirmed)
        declared = replace(declared, reasons=left) if left else None
    return replace(facts, phones=tuple(phones), kept=tuple(kept), declared=declared, no_phone=exempt(facts))


def _checked(reasons: tuple[Reason, ...], confirmed: frozenset[Ground]) -> tuple[Reason, ...]:
    return tuple(
        reason
        for reason in reasons
        if COLOURS[reason.code] != "red" or (reason.code, reason.area) in confirmed
    )
