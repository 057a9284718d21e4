"""What is so of somebody in a town, in the words of a story (origin_course.py)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams.agents.appealing import Appealing
from streams.agents.passes import PaperPasses
from streams.agents.questions import OpenQuestions
from streams.agents.referring import PersonReferrals
from streams.people.queue import queue
from streams.people.referred import ReferralClosed, ReferralEscalated
from tests.people.declared_course import person
from tests.people.gate_course import spelled
from tests.people.town import MILLISECONDS
from tests.scenarios import notation

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.people.appealed import Appeal
    from tests.people.town import Town


class Standing:
    """Looks at the people of a town; `phones` are theirs by name, `offices` those that have a queue."""

    def __init__(
        self, town: Town, people: Sequence[str], phones: Mapping[str, bytes], offices: Sequence[str]
    ) -> None:
        self.town, self.offices, self.phones = town, offices, phones
        self.people = {person(name): name for name in people}

    def of(self, name: str) -> dict[str, Any]:
        """Return what is so of somebody, in the words of what is expected."""
        whose, town = person(name), self.town
        told = town.persons.last.get(bytes.fromhex(whose))
        sources = () if told is None else told.sources
        state, referrals = town.kind(Appealing).of(whose).state, town.kind(PersonReferrals).of(whose).state
        register = town.persons.roll.register
        [row] = queue({whose: referrals}, register, closed=True) or [None]
        last = referrals.last
        found: dict[str, Any] = {
            "colour": "unknown" if told is None else told.colour,
            "because": [f"{one.origin} {spelled(each)}" for one in sources for each in one.reasons],
            "asked": sorted(" ".join(one) for one in town.kind(OpenQuestions).of(whose).state.open),
            "appeals": [f"{one.by} {_decided(one)}" for one in state.every],
            "undone_by": self._undone(name),
            "passes": len(town.kind(PaperPasses).of(whose).state.issued),
            "referral": None if last is None else last.state,
            "closed_for": self._closed(whose),
        }
        if last is not None and row is not None:
            found |= {
                "with": last.address.community or last.address.county,
                "found_by": last.address.by,
                "escalated": self._escalated(whose),
                "queues": [office for office in self.offices if queue({whose: referrals}, register, office)],
                "suggestion": last.suggestion,
                "causes": [f"{one.why} {one.code} {one.area} {so}" for one, so in row.causes],
            }
        return found

    def _undone(self, name: str) -> str | None:
        """Return whose case the last change of somebody's phone leads to, by its place in the journal."""
        changes = [one for one in self.town.changes if one.phone == self.phones.get(name)]
        found = self.town.case_at(changes[-1].offset) if changes else None
        return None if found is None else self._whose(found.case)

    def _escalated(self, whose: str) -> list[str | None]:
        facts = self.town.facts(self.town.names.referrals, whose)
        return [
            notation.time_text(one.at // MILLISECONDS)
            for one in facts
            if isinstance(one.body, ReferralEscalated)
        ]

    def _closed(self, whose: str) -> str | None:
        facts = self.town.facts(self.town.names.referrals, whose)
        names = [one.body.appeal for one in facts if isinstance(one.body, ReferralClosed)]
        return self._whose(names[-1]) if names else None

    def _whose(self, case: str) -> str:
        every = {
            appeal.name: self.people[name]
            for name, known in self.town.kind(Appealing).known.items()
            for appeal in known.state.every
        }
        return f"an appeal of {every[case]}"


def _decided(appeal: Appeal) -> str:
    if appeal.upheld is not None:
        return f"upheld {appeal.upheld.ground}"
    return "open" if appeal.decided_at is None else "rejected"
