"""The roll: what is known of every person, from what is told of phones, areas and people (rule 12).

A projection: it decides nothing, and everything in it can be told again. What holds depends on the time it is
asked for, in unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.people import inheritance
from streams.people.bindings import holder_at
from streams.people.combined import combined
from streams.people.contradictions import contradicted
from streams.people.sources import Claim, Facts, Kept, Signal
from streams.people.statements import reasons

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streams.domain.areas import Area
    from streams.domain.policy import Policy
    from streams.domain.records import ColourChanged
    from streams.people.bindings import Tenure
    from streams.people.contradictions import Contradicted, Published
    from streams.people.inheritance import ColourWitnessed
    from streams.people.inheritance import Kept as Inherited
    from streams.people.phones import Phone
    from streams.people.register import Register
    from streams.people.said import Declarations
    from streams.people.sources import Ground

LASTING: Final = ("red", "yellow")
"""Colours whose reasons go with whoever ceases to hold a phone; the others' are of the phone alone (5.8)."""


@dataclass(frozen=True, slots=True)
class _Held:
    """A phone's holders, its colours as they were witnessed, and the document's check values."""

    tenures: tuple[Tenure, ...]
    witnessed: tuple[ColourWitnessed, ...]
    checks: tuple[tuple[bytes, int], ...]


@dataclass(slots=True)
class Roll:
    """Everybody, by pseudonym; phones by theirs."""

    policy: Policy
    register: Register
    areas: dict[str, Published] = field(default_factory=dict)
    """Those in force; a kept reason of any other area is kept no longer (rule 10.2)."""
    colours: dict[bytes, ColourChanged] = field(default_factory=dict)
    held: dict[bytes, _Held] = field(default_factory=dict)
    phones: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    """By person: every phone they hold or have held."""
    declared: dict[bytes, Declarations] = field(default_factory=dict)
    no_phone: set[bytes] = field(default_factory=set)
    confirmed: dict[bytes, frozenset[Ground]] = field(default_factory=dict)
    passes: dict[bytes, bytes] = field(default_factory=dict)
    """By pass that is not revoked: its person."""

    def changed(self, change: ColourChanged) -> None:
        """Take a phone's last change of colour; an earlier one changes nothing."""
        known = self.colours.get(change.phone)
        if known is None or known.sequence < change.sequence:
            self.colours[change.phone] = change

    def bound(self, phone: bytes, state: Phone) -> None:
        """Take what is known of a phone's holders."""
        tenures = state.held()
        checks = tuple(
            (person, one.check)
            for _, one in sorted(state.bindings.items(), reverse=True)
            for person in (one.person, one.other_person)
            if person is not None and one.check is not None
        )
        self.held[phone] = _Held(tenures, tuple(state.witnessed), checks)
        for name in {name for one in tenures for name in one.holder.names}:
            before = self.phones.get(name, ())
            if phone not in before:
                self.phones[name] = (*before, phone)

    def holder_of_pass(self, name: bytes) -> bytes | None:
        """Return the person of a pass that is not revoked."""
        return self.passes.get(name)

    def holder_of_phone(self, phone: bytes, now: int) -> bytes | None:
        """Return the person a phone is bound to, by their first pseudonym; a child's is the child's."""
        known = self.held.get(phone)
        holder = None if known is None else holder_at(known.tenures, now)
        return None if holder is None else min(holder.names)

    def check_value(self, person: bytes) -> int | None:
        """Return the check value of a document: the register's, else a binding's, as visitors have (10.4)."""
        entry = self.register.residents.get(person)
        if entry is not None and entry.check is not None:
            return entry.check
        several = (self.held[phone].checks for phone in self.phones.get(person, ()))
        return next((check for checks in several for name, check in checks if name == person), None)

    def facts(self, person: bytes, now: int) -> Facts | None:
        """Return what a person's colour is worked out from, None for one nobody knows."""
        if not (
            person in self.phones
            or person in self.register.residents
            or person in self.declared
            or person in self.no_phone
        ):
            return None
        return Facts(
            phones=tuple(self._signals(person, now)),
            kept=tuple(self._kept(person)),
            declared=self._claim(person, now),
            no_phone=person in self.no_phone,
            confirmed=self.confirmed.get(person, frozenset()),
        )

    def contradicted(self, person: bytes, now: int) -> tuple[Contradicted, ...]:
        """Return what a person's last declaration hides (rule 11.2); not for a gate."""
        declarations, facts = self.declared.get(person), self.facts(person, now)
        if declarations is None or facts is None:
            return ()
        whole = combined(facts, now, signal_required=True)
        told = [reason for source in whole.sources for reason in source.reasons]
        return contradicted(declarations, told, self.areas, now)

    def _signals(self, person: bytes, now: int) -> Iterator[Signal]:
        for phone in self.phones.get(person, ()):
            holder = holder_at(self.held[phone].tenures, now)
            if holder is None or person not in holder.names:
                continue
            change = self.colours.get(phone)
            if change is None:
                yield Signal(manual=holder.lead)
            else:
                yield Signal(change.reasons, change.effective_at, holder.lead)

    def _kept(self, person: bytes) -> Iterator[Kept]:
        for phone in self.phones.get(person, ()):
            for one in self._left(phone):
                gone = one.reason.area is not None and one.reason.area not in self.areas
                if person in one.holder.names and not gone:
                    yield Kept((one.reason,), None, one.valid_until, one.holder.lead)

    def _left(self, phone: bytes) -> Iterable[Inherited]:
        """Return what those keep who held a phone, also where nobody has followed them yet (rule 10.2)."""
        held, change = self.held[phone], self.colours.get(phone)
        told = held.witnessed
        if change is not None and change.colour in LASTING:
            told = (*told, inheritance.witnessed(change))
        return inheritance.kept(held.tenures, told)

    def _claim(self, person: bytes, now: int) -> Claim | None:
        declarations = self.declared.get(person)
        standing = None if declarations is None else declarations.standing(now)
        if standing is None:
            return None
        areas: list[Area] = [one.area for one in self.areas.values()]
        return Claim(reasons(standing.statement, areas, self.policy, now), standing.at, standing.by)
