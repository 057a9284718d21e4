"""A person's paper passes as an aggregate: issued, revoked, reissued when their holder asks (rule 13).

What stands of a person comes from outside: `entered` takes it. Codes on a page leave no facts: they are over
in five minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, TypeAlias

from streams.people.actors import Role
from streams.people.aggregates import Known, Rules, numbered
from streams.people.codes.claims import Code, Colour, Kind
from streams.people.codes.renewal import turned
from streams.people.codes.revocations import revocations_of
from streams.people.commands import Denied, Refused, unless
from streams.people.erasure import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from streams.people.codes.limits import Limits
    from streams.people.codes.revocations import Revocations
    from streams.people.commands import Command, Recorded

TURNED, ASKED = "turned", "asked"
"""Why a pass is revoked: its holder turned yellow or red, or asked for it. There is no other way (13.3)."""
APART: Final = "pass-"
"""Before a pass's id where it is an aggregate of its own, for its holder was erased (rule 19.2)."""


@dataclass(frozen=True, slots=True)
class IssuePass:
    """Asks for a pass of the person's colour as it stands; they, a proxy or a community worker may."""


@dataclass(frozen=True, slots=True)
class ReplacePass:
    """Asks that a pass be revoked and another issued at once, as one that was lost (rule 13.3).

    `ticket` is the holder's request as the community worker who does it recorded it; the holder needs none.
    """

    pass_id: bytes
    ticket: str | None = None


@dataclass(frozen=True, slots=True)
class PassIssued:
    """A pass was issued; times in unix seconds. `no_phone` and `by_proxy` are printed on it (13.2, 11.4)."""

    pass_id: bytes
    colour: Colour
    issued: int
    expires: int
    check: int
    no_phone: bool = False
    by_proxy: bool = False
    replaces: bytes | None = None


@dataclass(frozen=True, slots=True)
class PassRevoked:
    """A pass counts no more. `why` is TURNED or ASKED."""

    pass_id: bytes
    why: str


Wish: TypeAlias = "IssuePass | ReplacePass"
Fact: TypeAlias = "PassIssued | PassRevoked"


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a person elsewhere: the combined colour (12.2), the check value (10.4), proxies (11.4).

    `proxies` are the ids of the actors whose consent stands.
    """

    colour: Colour = Colour.UNKNOWN
    check: int | None = None
    no_phone: bool = False
    proxies: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Passes:
    """A person's passes that have not expired, by id."""

    standing: Standing = Standing()
    issued: Mapping[bytes, PassIssued] = field(default_factory=dict)
    revoked: Mapping[bytes, PassIssued] = field(default_factory=dict)


def entered(state: Passes, standing: Standing) -> Passes:
    """Return a person's passes with what stands of them now."""
    return replace(state, standing=standing)


def rules_of(draw: Callable[[], bytes], limits: Callable[[], Limits]) -> Rules[Passes, Wish, Fact]:
    """Return the rules of a person's passes; `aggregate` is their pseudonym in 32 hex digits.

    `draw` gives 16 random bytes a call: nobody who asks for a pass chooses its id, so that nobody has
    another's revoked. `limits` are asked for with each command.
    """

    def decide(state: Passes, command: Command[Wish]) -> Sequence[Fact] | Refused:
        refused = unless(command.actor, Role.RESIDENT, Role.COMMUNITY) or _stranger(state, command)
        if refused is not None:
            return refused
        match command.body:
            case IssuePass():
                return _issued(state, command, draw(), limits())
            case ReplacePass() as body:
                return _replaced(state, command, body, draw(), limits())

    return Rules(Passes(), decide, evolve)


def evolve(state: Passes, fact: Recorded[Fact]) -> Passes:
    """Return the passes after a fact; those that had expired by then are forgotten."""
    now = fact.at // 1000
    issued = {key: one for key, one in state.issued.items() if one.expires > now - _KEPT}
    revoked = {key: one for key, one in state.revoked.items() if one.expires > now - _KEPT}
    match fact.body:
        case PassIssued() as body:
            issued[body.pass_id] = body
        case PassRevoked(pass_id=pass_id):
            if (gone := issued.pop(pass_id, None)) is not None:
                revoked[pass_id] = gone
    return replace(state, issued=issued, revoked=revoked)


def follows(state: Passes) -> tuple[PassRevoked, ...]:
    """Return what has to be recorded of passes whose holder has turned yellow or red since (rule 13.3)."""
    turns = (one for one in state.issued.values() if turned(one.colour, state.standing.colour))
    return tuple(PassRevoked(one.pass_id, TURNED) for one in sorted(turns, key=lambda one: one.pass_id))


def nameless(state: Passes, now: int) -> Iterator[tuple[Recorded[Fact], ...]]:
    """Yield what stays of an erased person's passes that may still be shown, each an aggregate of its own.

    Nobody can be told any more that its holder has turned, so none may stand (rule 13.3). The facts say which
    pass is revoked and until when it would have been good, and nothing else. `now` in seconds.
    """
    for one in (*state.issued.values(), *state.revoked.values()):
        if one.expires > now - _KEPT:
            bare = PassIssued(one.pass_id, Colour.UNKNOWN, one.issued, one.expires, 0)
            facts = (bare, PassRevoked(one.pass_id, ASKED))
            aggregate = f"{APART}{one.pass_id.hex()}"
            yield numbered(Known(Passes()), aggregate, "erasure", SYSTEM, one.issued * 1000, facts)


def code_of(issued: PassIssued) -> Code:
    """Return what a pass's QR says: signed again it is the same, so a pass can be printed again."""
    return Code(issued.pass_id, issued.colour, Kind.PAPER, issued.issued, issued.expires, issued.check)


def withdrawn(everybody: Iterable[Passes], now: int, limits: Limits) -> Revocations:
    """Return the revocation list of `now` (seconds): passes revoked that may still be shown (rule 13.3)."""
    alive = now - limits.clock_leeway
    ids = (one.pass_id for state in everybody for one in state.revoked.values() if one.expires > alive)
    return revocations_of(now, ids)


_KEPT: Final = 86_400
"""Seconds that a pass is known after it has expired: longer than any leeway between two clocks."""


def _stranger(state: Passes, command: Command[Wish]) -> Refused | None:
    """Refuse a resident who is neither the person nor a proxy whose consent stands (rule 11.4)."""
    actor = command.actor
    if actor.role is not Role.RESIDENT or actor.id == command.aggregate or actor.id in state.standing.proxies:
        return None
    return Denied("not_the_holder", "the person, a proxy with their consent or a community worker may")


def _issued(
    state: Passes, command: Command[Wish], pass_id: bytes, limits: Limits, replaces: bytes | None = None
) -> list[Fact] | Refused:
    standing, now = state.standing, command.at // 1000
    if standing.check is None:
        return Refused("no_check_value", "the register or a carrier gives it: enter the person first")
    by_proxy = command.actor.role is Role.RESIDENT and command.actor.id != command.aggregate
    ends = now + limits.paper
    return [
        PassIssued(pass_id, standing.colour, now, ends, standing.check, standing.no_phone, by_proxy, replaces)
    ]


def _replaced(
    state: Passes, command: Command[Wish], body: ReplacePass, pass_id: bytes, limits: Limits
) -> list[Fact] | Refused:
    if body.pass_id not in state.issued:
        return Refused("no_such_pass", "it was revoked or has expired, or is somebody else's: read again")
    if command.actor.role is Role.COMMUNITY and not (body.ticket or "").strip():
        return Refused("no_ticket", "name the ticket under which the holder's request is recorded")
    found = _issued(state, command, pass_id, limits, replaces=body.pass_id)
    return found if isinstance(found, Refused) else [PassRevoked(body.pass_id, ASKED), *found]
