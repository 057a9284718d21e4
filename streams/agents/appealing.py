"""The appeals of a partition's people, and what follows elsewhere when one is upheld (rule 16)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from streams import codecs
from streams.agents.aggregates import Aggregates, unless_person
from streams.kafka.transactions import Output
from streams.people import appeals
from streams.people.appealed import Appeals, AppealUpheld, Fact
from streams.people.appeals import Around, ConfirmUphold, OpenAppeal, ProposeUphold, RejectAppeal
from streams.people.offices import by_own_office
from streams.people.remedies import follows, struck

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.agents.declaring import Declaring
    from streams.kafka.engine import Engine
    from streams.people.aggregates import Known
    from streams.people.appealed import Matter
    from streams.people.commands import Command, Recorded, Refused
    from streams.people.register import Register

    Stands = Callable[[str, int], tuple[frozenset[Matter], frozenset[str]]]
    """What a person can contest at a time (seconds), and the phones that say something of them, in hex."""

WISHES: Final = (OpenAppeal, ProposeUphold, ConfirmUphold, RejectAppeal)


class Appealing(Aggregates[Appeals, "appeals.Asked", Fact]):
    """The appeals of a partition; an aggregate's id is the person's pseudonym in hex.

    `draw` gives the random bytes of an appeal's name, `referred` whether a referral of a person's is known.
    """

    def __init__(
        self,
        engine: Engine,
        partition: int,
        register: Register,
        declaring: Declaring,
        stands: Stands,
        draw: Callable[[], bytes],
        referred: Callable[[str], bool],
    ) -> None:
        names = engine.names
        self._declaring, self._stands, self._referred = declaring, stands, referred
        self._resolution = engine.settings.resolution
        self._exclusions, self._commands = names.exclusions, names.commands
        rules = by_own_office(appeals.rules(self._around, draw), register)
        super().__init__(partition, engine.wire, rules, names.appeals, WISHES, self._upheld)

    def decide(self, command: Command[appeals.Asked]) -> Sequence[Output] | Refused:
        """Return what a command about a person's appeals leads to."""
        return unless_person(command.aggregate) or super().decide(command)

    def _around(self, aggregate: str, at: int) -> Around:
        matters, phones = self._stands(aggregate, at)
        hours = self._declaring.scenery.people.appeal_hours
        declared, referred = self._declaring.of(aggregate).state, self._referred(aggregate)
        return Around(declared, matters, phones, self._resolution, hours, referred)

    def _upheld(self, _known: Known[Appeals], fact: Recorded[Any]) -> Sequence[Output]:
        """Enter what an upheld appeal strikes out of a hex, and ask others for the rest."""
        if not isinstance(fact.body, AppealUpheld):
            return ()
        exclusion = struck(fact)
        outputs = [
            Output(self._commands, codecs.aggregate_key(one.aggregate), codecs.encode_command(one))
            for one in follows(fact)
        ]
        if exclusion is not None:
            value = codecs.encode_exclusion(exclusion)
            outputs.append(Output(self._exclusions, exclusion.case.encode(), value))
        return outputs
