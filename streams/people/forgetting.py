"""A phone whose holder is erased: that somebody held it, and when, stays; who, goes (rule 19.2).

What a holder does not inherit hangs on there having been another before (rule 10.2). So what was told of the
erased one is told of somebody without a name instead, and nobody else's reasons change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from streams.people.bindings import Holder, Told, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.phones import Phone

NOBODY: Final = 4
"""Bytes of what stands for an erased holder's pseudonym, so it is none."""


@dataclass(frozen=True, slots=True)
class Restated:
    """What is left of one thing told of an erased holder: its place in the order, and from when to when."""

    after: int
    number: int
    from_: int
    until: int | None


@dataclass(frozen=True, slots=True)
class HolderForgotten:
    """A holder was erased (rule 19.2): of what was told of them this is left.

    `facts` are the versions of those that named them and are gone, `phones` other pseudonyms of the phone.
    """

    told: tuple[Restated, ...]
    facts: tuple[int, ...]
    phones: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BindingRestated:
    """A binding by hand whose guardian was erased, without them; `number` is the version it was made by."""

    person: bytes
    from_: int
    after: int
    number: int
    lead: bool


def people_of(state: Phone) -> frozenset[bytes]:
    """Return everybody whom a phone's facts name: holders, guardians, who was proposed or agreed."""
    bindings = state.bindings.values()
    found = {name for one in bindings for name in (one.person, one.other_person) if name is not None}
    return frozenset(found | {person for _, person in state.named})


def names_of(state: Phone, person: bytes) -> frozenset[bytes]:
    """Return all pseudonyms under which a phone knows a person, theirs included (rule 10.1)."""
    found, before = frozenset({person}), frozenset[bytes]()
    while found != before:
        before = found
        found = before.union(
            *(
                one.holder.names
                for one in state.told()
                if one.holder is not None and not before.isdisjoint(one.holder.names)
            )
        )
    return found


def forgotten(state: Phone, person: bytes) -> tuple[HolderForgotten | BindingRestated, ...]:
    """Return what is recorded of a phone that forgets a person; nothing where it names them nowhere."""
    names = names_of(state, person)
    rows = sorted(_rows(state, names), key=lambda row: (row.after, row.number))
    facts = sorted({version for version, named in state.named if named in names})
    if not rows and not facts:
        return ()
    gone = {row.after for row in rows if not row.number}
    others = {state.bindings[version].other_phone for version in gone}
    phones = tuple(sorted(name for name in others if name is not None))
    return (*_restated(state, names), HolderForgotten(tuple(rows), tuple(facts), phones))


def tombstones(body: HolderForgotten | BindingRestated) -> Iterator[str]:
    """Yield the ends of the keys, behind the phone's, under which what is forgotten stands."""
    if isinstance(body, HolderForgotten):
        yield from (str(row.after) for row in body.told if not row.number)
        yield from (f"decided-{version}" for version in body.facts)


def _rows(state: Phone, names: frozenset[bytes]) -> Iterator[Restated]:
    """Yield what is left of each thing told of somebody."""
    for one in (*map(told, state.bindings.values()), *state.by_hand):
        if one.holder is not None and not names.isdisjoint(one.holder.names):
            yield Restated(*one.order, one.from_, one.until)


def _restated(state: Phone, names: frozenset[bytes]) -> Iterator[BindingRestated]:
    """Yield the bindings of others by hand of whom somebody is the guardian, without them."""
    for one in state.by_hand:
        holder = one.holder
        if holder is not None and holder.guardian in names and names.isdisjoint(holder.names):
            yield BindingRestated(min(holder.names), one.from_, *one.order, holder.lead)


def nameless(state: Phone, gone: HolderForgotten, version: int) -> Phone:
    """Return the phone after a holder was erased: in their place is one known by the fact's version alone."""
    nobody = Holder(frozenset({version.to_bytes(NOBODY, "big")}), erased=True)
    rows = tuple(Told((row.after, row.number), nobody, row.from_, row.until) for row in gone.told)
    orders = {row.order for row in rows}
    waiting = state.proposal
    return replace(
        state,
        bindings={each: one for each, one in state.bindings.items() if (each, 0) not in orders},
        by_hand=tuple(one for one in state.by_hand if one.order not in orders),
        forgotten=(*state.forgotten, *rows),
        named=tuple(one for one in state.named if one[0] not in gone.facts),
        also=state.also.union(gone.phones),
        corrected=tuple(one for one in state.corrected if one.order[1] not in gone.facts),
        proposal=None if waiting is not None and waiting.version in gone.facts else waiting,
    )


def without_guardian(state: Phone, body: BindingRestated) -> Phone:
    """Return the phone after the guardian of a binding by hand was erased."""
    holder = Holder(frozenset({body.person}), manual=True, lead=body.lead)
    one = Told((body.after, body.number), holder, body.from_)
    return replace(state, by_hand=(*(each for each in state.by_hand if each.order != one.order), one))
