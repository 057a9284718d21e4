"""What a person sees of what accuses them, and what their proxy sees of it (rules 16.1, 11.4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streams.domain.hexes import coarsened
from streams.people.audit.seen import SHORTENED
from streams.people.proxies import as_a_proxy_sees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.domain.records import Reason
    from streams.people.appealed import Appeal
    from streams.people.combined import Combined
    from streams.people.sources import Origin
    from streams.people.vouched import PersonPhone

    Where = Callable[[bytes, str, int, int], Iterable[int]]
    """The cells in which a phone was seen while it visited an area, from a second to before another."""

RESOLUTION: Final = 7
"""Cells are shown no finer: some 5 km²."""


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason, where it comes from, and the visit behind it; a proxy is shown neither phone nor visit.

    Times are unix seconds. `phone` is the pseudonym's first digits: enough to tell one's own apart.
    """

    origin: Origin
    code: str
    phone: str = ""
    area: str | None = None
    from_: int | None = None
    until: int | None = None
    dwell_minutes: int | None = None
    cells: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownAppeal:
    """An appeal as whoever made it may follow it; who the officers are is not said (rule 17.2)."""

    appeal: str
    against: str
    code: str
    area: str
    by: str
    at: int
    due: int
    state: str
    """`open`, `overdue`, `upheld` or `rejected`."""
    ground: str | None = None


def reasons_of_person(
    phones: Iterable[PersonPhone], declared: Combined, where: Where
) -> tuple[ShownReason, ...]:
    """Return everything that stands behind a person's colour, as they may see it.

    Visits are those of their own phones' reasons, so nobody sees where another holder was. `declared` is the
    colour as it was told: what was declared stands in it alone.
    """
    found = [one for phone in phones for one in _of_phone(phone, where)]
    said = [source for source in declared.sources if source.origin == "declaration"]
    found += [_shown(source.origin, reason) for source in said for reason in source.reasons]
    return tuple(found)


def _of_phone(phone: PersonPhone, where: Where) -> list[ShownReason]:
    name = phone.phone.hex()[:SHORTENED]
    held = () if phone.held is None else phone.held.reasons
    found = [_shown("signal", reason, name, _cells(phone.phone, reason, where)) for reason in held]
    # What was kept was struck out of the diary for whoever came after: its cells are gone.
    return found + [_shown("kept", one.reason, name) for one in phone.kept]


def _cells(phone: bytes, reason: Reason, where: Where) -> tuple[int, ...]:
    if reason.area is None or reason.from_ is None or reason.until is None:
        return ()
    return tuple(sorted(coarsened(where(phone, reason.area, reason.from_, reason.until), RESOLUTION)))


def _shown(origin: Origin, one: Reason, phone: str = "", cells: tuple[int, ...] = ()) -> ShownReason:
    return ShownReason(origin, one.code, phone, one.area, one.from_, one.until, one.dwell_minutes, cells)


def reasons_of_proxy(told: Combined) -> tuple[ShownReason, ...]:
    """Return what a proxy may see of the same: codes, never a visit (rule 11.4)."""
    sources = as_a_proxy_sees(told).sources
    return tuple(ShownReason(source.origin, one.code) for source in sources for one in source.reasons)


def appeal_of_proxy(one: Appeal, now: int) -> ShownAppeal:
    """Return what a proxy may see of an appeal: not where it was (rule 11.4)."""
    return replace(appeal_shown(one, now), area="")


def appeal_shown(one: Appeal, now: int) -> ShownAppeal:
    """Return an appeal as it stands at a time of the data's."""
    matter, ground = one.matter, None if one.upheld is None else one.upheld.ground
    if one.decided_at is None:
        state = "overdue" if one.due < now else "open"
    else:
        state = "rejected" if ground is None else "upheld"
    return ShownAppeal(
        one.name, matter.against, matter.code, matter.area, one.by, one.at, one.due, state, ground
    )
