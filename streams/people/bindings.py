"""Bindings of one phone as carriers tell them, and whose phone it was when (rules 10.1, 10.2).

Times are unix seconds (UTC), phones and persons are pseudonyms of 16 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Binding:
    """What a carrier says from `from_` on: who holds the phone, or that nobody does (rule 10.1).

    `version` grows over all carriers of a number; the second they entered the change serves. What a version
    says replaces all that lower ones say of the time from `from_` on. `other_phone` and `other_person` are
    the pseudonyms of the other key epoch during a rotation (rule 6.7). `check` is the keyed check value of
    the document's last four digits, 0 to 1023.
    """

    phone: bytes
    version: int
    person: bytes | None
    carrier: str
    from_: int
    until: int | None = None
    other_phone: bytes | None = None
    other_person: bytes | None = None
    check: int | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A person by all the pseudonyms known of them, and on what grounds they are taken for the holder."""

    names: frozenset[bytes]
    manual: bool = False
    """Found by hand by two officers (rule 10.3)."""
    lead: bool = False
    """Neither the person nor the carrier has confirmed it yet (rule 10.3)."""
    guardian: bytes | None = None
    """Who is bound to a child's phone for it (rule 11.4); the colour is the child's."""
    erased: bool = False
    """Whoever it was has been erased (rule 19.2): `names` is a number that is no pseudonym."""

    def same(self, other: Holder | None) -> bool:
        """Say whether both are one person: pseudonyms of two epochs in one binding are (rule 10.1)."""
        return other is not None and not self.names.isdisjoint(other.names)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing told of a phone's holder, in the order in which it counts; `holder` None: nobody."""

    order: tuple[int, int]
    """The carrier's version, then the number of what officers decided on it; carriers' have 0."""
    holder: Holder | None
    from_: int
    until: int | None = None


@dataclass(frozen=True, slots=True)
class Corrected:
    """A person found never to have held the phone, whatever lower orders tell of it (rule 16.2)."""

    person: bytes
    order: tuple[int, int]


NOBODY_KNOWN: Final = Holder(frozenset())
"""Who held a phone where a binding was corrected: somebody, so that nobody inherits from them (10.2)."""


@dataclass(frozen=True, slots=True)
class Tenure:
    """A time in which one person held the phone; `until` None: still."""

    holder: Holder
    from_: int
    until: int | None = None


def told(binding: Binding) -> Told:
    """Return what a carrier's binding tells."""
    names = frozenset(name for name in (binding.person, binding.other_person) if name is not None)
    holder = Holder(names) if names else None
    return Told((binding.version, 0), holder, binding.from_, binding.until)


def uncorrected(all_told: Iterable[Told], corrected: Sequence[Corrected]) -> list[Told]:
    """Return what was told with nobody known in the place of those who never held the phone."""

    def wrong(one: Told) -> bool:
        return any(
            one.holder is not None and each.person in one.holder.names and one.order < each.order
            for each in corrected
        )

    return [replace(one, holder=NOBODY_KNOWN) if wrong(one) else one for one in all_told]


def tenures(all_told: Iterable[Told]) -> tuple[Tenure, ...]:
    """Return who held the phone when, in order of time, whatever the order of arrival.

    Whoever holds it again with nobody between, or with nobody else, goes on: a carrier's change is no new
    holder (10.1), and a gap strikes nothing (10.2).
    """
    found: list[Tenure] = []
    for one in sorted(all_told, key=lambda told: told.order):
        _cut(found, one.from_)
        if one.holder is None or (one.until is not None and one.until <= one.from_):
            continue
        found.append(Tenure(one.holder, one.from_, one.until))
    return _joined(found)


def _cut(found: list[Tenure], at: int) -> None:
    """Take away what was told of the time from `at` on."""
    while found and found[-1].from_ >= at:
        found.pop()
    if found and (found[-1].until is None or found[-1].until > at):
        found[-1] = replace(found[-1], until=at)


def _joined(found: Sequence[Tenure]) -> tuple[Tenure, ...]:
    """Return tenures of which no two that follow on each other are one person's."""
    joined: list[Tenure] = []
    for one in found:
        if joined and one.holder.same(joined[-1].holder):
            before = joined[-1]
            joined[-1] = Tenure(_met(before.holder, one.holder), before.from_, one.until)
        else:
            joined.append(one)
    return tuple(joined)


def _met(before: Holder, now: Holder) -> Holder:
    """Return one holder of whom was told twice: what either confirms is no lead any more."""
    return Holder(
        before.names | now.names,
        before.manual and now.manual,
        before.lead and now.lead,
        now.guardian or before.guardian,
        now.erased,
    )


def holder_at(held: Sequence[Tenure], time: int) -> Holder | None:
    """Return who holds the phone at a time, None where it is unbound (rule 10.3)."""
    for one in held:
        if one.from_ <= time and (one.until is None or time < one.until):
            return one.holder if one.holder.names else None
    return None
