"""The paper passes of a partition's people: issued, replaced, revoked by a turn to yellow or red (13.3)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from streams.agents.aggregates import Aggregates
from streams.people.actors import Actor, Role
from streams.people.aggregates import decided, numbered
from streams.people.codes.claims import Colour
from streams.people.commands import Refused
from streams.people.offices import by_own_office
from streams.people.passes import Fact, Passes, Standing, entered, follows, nameless, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.kafka.engine import Engine
    from streams.kafka.transactions import Output
    from streams.people.codes.limits import Limits
    from streams.people.commands import Command
    from streams.people.passes import Wish
    from streams.people.person_colour import PersonColour
    from streams.people.register import Register

PERSONS: Final = Actor("person-colours", Role.OPERATOR)
"""Who revokes the passes of somebody who has turned: nobody asks for it."""


class PaperPasses(Aggregates[Passes, "Wish", Fact]):
    """Passes by person; `streams.agents.persons` says what stands of a person when one is asked for."""

    def __init__(
        self,
        engine: Engine,
        partition: int,
        register: Register,
        draw: Callable[[], bytes],
        limits: Callable[[], Limits],
    ) -> None:
        rules = by_own_office(rules_of(draw, limits), register)
        super().__init__(partition, engine.wire, rules, engine.names.passes, ())

    def issue(self, command: Command[Wish], standing: Standing) -> Sequence[Output] | Refused:
        """Return what asking for a pass leads to."""
        known = self.of(command.aggregate)
        now = replace(known, state=entered(known.state, standing))
        found = decided(self.rules, now, command)
        return found if isinstance(found, Refused) else self.take_down(found)

    def turned(self, change: PersonColour) -> Sequence[Output]:
        """Revoke what a person's new colour revokes."""
        aggregate = change.person.hex()
        known = self.of(aggregate)
        if not known.state.issued:
            return ()
        found = follows(entered(known.state, Standing(Colour(change.colour))))
        cause = f"{aggregate}/{change.sequence}"
        return self.take_down(numbered(known, aggregate, cause, PERSONS, change.effective_at * 1000, found))

    def erased(self, aggregate: str, now: int) -> list[Output]:
        """Forget a person's passes; each is revoked, and stands on in the list under its own id (13.3)."""
        left = nameless(self.of(aggregate).state, now)
        gone = super().erased(aggregate, now)
        return gone + [out for facts in left for out in self.take_down(facts)]
