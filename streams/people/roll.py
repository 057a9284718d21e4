"""The roll: everybody by pseudonym, from what phones, people and registers say (rules 10.4, 12.3).

A projection: it decides nothing, and everything in it can be told again. What holds depends on the time it is
asked for, in unix seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.people.person import Person
from streams.people.register import Register
from streams.people.said import Declarations

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.people.appealed import Forgotten
    from streams.people.person import Scene
    from streams.people.sources import Facts, Ground
    from streams.people.vouched import PersonPhone

NOBODY: Final = Person((), Declarations())
"""Somebody of whom nothing is known but, it may be, an entry in a register."""


@dataclass(slots=True)
class Roll:
    """Everybody known.

    What people declared and contested, `NO_PHONE` and what was found of reds (15.2) are looked up where their
    facts are kept.
    """

    scene: Callable[[], Scene]
    declared: Callable[[bytes], Declarations]
    no_phone: Callable[[bytes], bool]
    register: Register = field(default_factory=Register)
    confirmed: Callable[[bytes], frozenset[Ground]] = lambda _: frozenset()
    phones: dict[bytes, tuple[PersonPhone, ...]] = field(default_factory=dict)
    """By person, in the order of the phones' bytes."""
    holders: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    """By phone: everybody of whom it says something, in the order of their bytes."""
    forgotten: Callable[[bytes], tuple[Forgotten, ...]] = lambda _: ()
    """What upheld appeals have struck out, by person."""
    passes: dict[bytes, bytes] = field(default_factory=dict)
    """By pass that is not revoked: its person."""

    def vouch(self, said: PersonPhone) -> None:
        """Take what a phone says of a person, instead of all it said before."""
        others = (one for one in self.phones.get(said.person, ()) if one.phone != said.phone)
        self.phones[said.person] = tuple(sorted((*others, said), key=lambda one: one.phone))
        holders = self.holders.get(said.phone, ())
        if said.person not in holders:
            self.holders[said.phone] = tuple(sorted((*holders, said.person)))

    def leave(self, person: bytes, phone: bytes) -> None:
        """Forget what a phone said of a person: it says nothing more."""
        phones = tuple(one for one in self.phones.pop(person, ()) if one.phone != phone)
        if phones:
            self.phones[person] = phones
        holders = tuple(one for one in self.holders.pop(phone, ()) if one != person)
        if holders:
            self.holders[phone] = holders

    def forget(self, person: bytes) -> tuple[bytes, ...]:
        """Forget an erased person; return the phones that said something of them (rule 19.2)."""
        phones = tuple(one.phone for one in self.phones.get(person, ()))
        for phone in phones:
            self.leave(person, phone)
        self.passes = {name: holder for name, holder in self.passes.items() if holder != person}
        self.register.erase(person)
        return phones

    def person(self, name: bytes) -> Person:
        """Return what is known of a person."""
        return Person(
            self.phones.get(name, ()),
            self.declared(name),
            self.no_phone(name),
            self.confirmed(name),
            self.forgotten(name),
        )

    def holder_of_pass(self, name: bytes) -> bytes | None:
        """Return the person of a pass that is not revoked."""
        return self.passes.get(name)

    def holder_of_phone(self, phone: bytes, now: int) -> bytes | None:
        """Return the person a phone is bound to, by their first pseudonym; a child's is the child's.

        While the word that a phone has left somebody is on its way, whoever got it later holds it.
        """
        since = {
            person: one.held.from_
            for person in self.holders.get(phone, ())
            for one in self.phones[person]
            if one.phone == phone and one.held is not None and one.held.held_at(now)
        }
        return max(since, key=since.__getitem__, default=None)

    def check_value(self, person: bytes) -> int | None:
        """Return the check value of a document: the register's, else a binding's, as visitors have (10.4)."""
        entry = self.register.residents.get(person)
        if entry is not None and entry.check is not None:
            return entry.check
        return next((one.check for one in self.phones.get(person, ()) if one.check is not None), None)

    def facts(self, person: bytes, now: int) -> Facts | None:
        """Return what a person's colour is worked out from, None for one nobody knows."""
        known = self.person(person)
        if known == NOBODY and person not in self.register.residents:
            return None
        return known.facts(self.scene(), now)
