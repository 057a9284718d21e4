"""A scenario of appeals, read and run: who holds which phone, who contests what, and what came of it.

`phones` are names with a `holder`, `reasons` (`STAYED A from day 4 to day 6`) and, it may be, `by_hand`,
`also` (its other pseudonym), or `next` (somebody who holds it from a `day` on, the first keeping what they
had until `kept`). Steps, each on a `day` at noon: who acts (`who`, a resident; `office`, a community worker;
`officer`; `gate`; `referral`, this side itself), `for` whom (else themselves, or the subject), and one of

- `contests`: `reason STAYED A`, `reason STAYED A p`, `reason STAYED`, `contradiction STAYED A`, `binding p`,
  `binding`;
- `proposes`: a ground, with `phone`, `hex`, `from`, `until`, `declared`; `confirms`; or `rejects`, with a
  text: all of the last appeal, or of `appeal: 1`; `proposal: 2` confirms another version than the last;
- `declares`, `consents_to` as in declared_course.py; `reviews` a correction, `good` or not;
- `asks`: `strike p`, `correct p`, `confirm 2`, which nobody may.

Expected, any of: `outcomes`, `waiting` (appeals not decided) and `overdue` at the end, `due` (the first's),
`struck`, `cases`, `colour`, `reasons`, `contradicted`, `holder` of the first phone, `closes` (referrals asked
to close).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from streams.people import appeals, declarations, proxies
from streams.people.actors import Actor, Role
from streams.people.appealed import AppealOpened, AppealRejected, AppealUpheld, UpholdProposed
from streams.people.bindings import Binding
from streams.people.commands import Command, Recorded, Refused
from streams.people.inheritance import ColourWitnessed
from streams.people.manual import ConfirmBinding, ProposeBinding
from streams.people.phones import Phone, entered
from streams.people.said import CorrectionReviewed, Declared
from streams.people.sources import colour_of
from streams.people.statements import Statement
from streams.people.upheld import CorrectBinding, StrikeSightings
from tests.people.appeal_desk import Desk
from tests.people.declared_course import BY, NOON, ROLES, person, place
from tests.people.gate_course import DAY, FIRST, at, read_reasons, spelled
from tests.scenarios import places

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.people.appealed import Appeal

ACTORS: Final = ROLES | {"referral": Role.OPERATOR}
OPENED: Final = BY | {"referral": " by a referral"}


def phone_of(name: str) -> bytes:
    return blake2b(name.encode(), digest_size=16, person=b"phone").digest()


@dataclass
class Scenario:
    """One scenario as its file has it; a key that nobody knows is an error."""

    rule: str
    name: str
    steps: list[dict[str, Any]]
    expect: dict[str, Any]
    phones: dict[str, dict[str, Any]] = field(default_factory=dict)
    subject: str = "chen"
    day: int | None = None


class Course:
    """A scenario while it runs."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario, self.desk = scenario, Desk()
        self.names: dict[str, bytes] = {}
        self.outcomes: list[str] = []
        for name, row in scenario.phones.items():
            self._hold(name, dict(row))
        last = 1
        for number, step in enumerate(scenario.steps):
            last = max(last, step["day"])
            self.outcomes.append(self._step(dict(step), f"c-{number}"))
        self.now = at(scenario.day or last) + NOON

    def _hold(self, name: str, row: dict[str, Any]) -> None:
        phone, holder = phone_of(name), bytes.fromhex(person(row.pop("holder")))
        self.names[name], reasons = phone, read_reasons(row.pop("reasons", "CLEAR"))
        also = row.pop("also", None)
        if also is not None:
            self.names[also] = phone_of(also)
        self.desk.seen[phone] = reasons
        if row.pop("by_hand", False):
            for officer, body in (
                ("one", ProposeBinding(holder, FIRST, "document_seen", "T-1")),
                ("two", ConfirmBinding(holder)),
            ):
                actor = Actor(officer, Role.OFFICER)
                self.desk.deliver(Command(f"by-hand-{officer}", phone.hex(), actor, FIRST * 1000, body))
            state = self.desk.phone(phone)
        else:
            other = None if also is None else phone_of(also)
            state = entered(Phone(), Binding(phone, 1, holder, "mobile", FIRST, other_phone=other))
        if "next" in row:
            since, following = at(row.pop("day")), bytes.fromhex(person(row.pop("next")))
            state = entered(state, Binding(phone, 2, following, "mobile", since))
            told = ColourWitnessed(1, colour_of(reasons), reasons, FIRST, at(row.pop("kept")))
            state, reasons = replace(state, witnessed=(told,)), read_reasons("NO_SIGNAL")
        assert not row, row
        self.desk.phones[phone], self.desk.seen[phone] = state, reasons

    def _step(self, step: dict[str, Any], command: str) -> str:
        role = next(key for key in ACTORS if key in step)
        name = step.pop(role)
        actor = Actor(
            person(name) if role == "who" else name, ACTORS[role], "county" if role == "officer" else None
        )
        now = at(step.pop("day")) + NOON
        whose = step.pop("for", name if role == "who" else self.scenario.subject)
        aggregate = person(whose)
        if "consents_to" in step:
            aggregate = proxies.PREFIX + person(step.pop("consents_to"))
            body: Any = proxies.GiveConsent(person(name))
        elif "asks" in step:
            aggregate, body = _asks(aggregate, *step.pop("asks").split(" "))
        else:
            body = self._body(step, aggregate)
        assert not step, step
        made = self.desk.deliver(Command(command, aggregate, actor, now * 1000, body))
        return made.code if isinstance(made, Refused) else " ".join(map(_outcome, made))

    def _body(self, step: dict[str, Any], aggregate: str) -> Any:
        if "declares" in step:
            return declarations.Declare(Statement(tuple(place(text) for text in step.pop("declares"))))
        if "reviews" in step:
            return declarations.ReviewCorrection(step.pop("reviews"), "T-1", step.pop("good"))
        return asked(step, self.desk.of("appeals", aggregate).every)

    def told(self) -> dict[str, Any]:
        """Return what came out, in the words of what is expected."""
        subject = person(self.scenario.subject)
        state, whole = self.desk.of("appeals", subject), self.desk.whole(subject, self.now)
        holder = next(iter(self.names.values()), b"")
        held = self.desk.phone(holder).holder(self.now)
        people = {bytes.fromhex(person(one)): one for one in ("chen", "wang", "li", "zhao")}
        found = {
            "outcomes": self.outcomes,
            "waiting": len(state.pending()),
            "overdue": state.overdue(self.now),
            "due": _time(state.every[0].due) if state.every else None,
            "struck": sorted(map(self._struck, self.desk.exclusions.values())),
            "cases": len({one.case for one in self.desk.exclusions.values()}),
            "colour": whole.colour,
            "reasons": [f"{one.origin} {spelled(reason)}" for one in whole.sources for reason in one.reasons],
            "contradicted": [
                f"{code} {area}{' answered' * answered}"
                for code, area, answered in self.desk.hidden(subject, self.now)
            ],
            "holder": "nobody" if held is None else people[min(held.names)],
            "closes": len(self.desk.closed),
        }
        return {key: found[key] for key in self.scenario.expect}

    def _struck(self, one: Any) -> str:
        names = {value: key for key, value in self.names.items()}
        where = (
            names[one.phone]
            if one.hex is None
            else next(n for n in places.PLACES if places.cell(n) == one.hex)
        )
        since = "the beginning" if one.from_ is None else _time(one.from_)
        until = _time(one.at if one.until is None else min(one.until, one.at))
        return f"{where} from {since} to {until}"


def asked(step: dict[str, Any], every: Sequence[Appeal]) -> Any:
    """Return what a step asks of a person's appeals, and take its words out of the step."""
    if "contests" in step:
        return _contests(step.pop("contests").split(" "))
    chosen = every[step.pop("appeal", len(every)) - 1] if every else None
    name = "appeal-of-nobody" if chosen is None else chosen.name
    if "rejects" in step:
        return appeals.RejectAppeal(name, step.pop("rejects"), step.pop("ticket", "T-2"))
    if step.pop("confirms", False):
        known = 0 if chosen is None or chosen.proposal is None else chosen.proposal.version
        return appeals.ConfirmUphold(name, step.pop("proposal", known))
    ground, ticket = step.pop("proposes"), step.pop("ticket", "T-1")
    phone, where = step.pop("phone", None), step.pop("hex", None)
    since, until = (at(step.pop(key)) if key in step else None for key in ("from", "until"))
    return appeals.ProposeUphold(
        name,
        ground,
        ticket,
        "" if phone is None else phone_of(phone).hex(),
        None if where is None else places.cell(where),
        since,
        until,
        step.pop("declared", None),
    )


def _contests(words: list[str]) -> appeals.OpenAppeal:
    against: Any = words[0]
    code, area, phone = ("", "", *words[1:], "")[:3] if against == "binding" else (*words[1:], "", "")[:3]
    return appeals.OpenAppeal(against, code, area, phone_of(phone).hex() if phone else "")


def _asks(aggregate: str, what: str, about: str) -> tuple[str, Any]:
    """Return whom a command that nobody may ask for is about, and its body."""
    phone, case = phone_of(about).hex(), "appeal-of-nobody"
    found: dict[str, tuple[str, Any]] = {
        "strike": (phone, StrikeSightings(case, FIRST, None, None)),
        "correct": (phone, CorrectBinding(bytes.fromhex(aggregate), case)),
        "confirm": (
            aggregate,
            declarations.ConfirmCorrection(int(about), case) if what == "confirm" else None,
        ),
    }
    return found[what]


def _time(seconds: int) -> str:
    days, rest = divmod(seconds - FIRST, DAY)
    clock = f" {rest // 3600:02}:{rest % 3600 // 60:02}" if rest else ""
    return f"day {days + 1}{clock}"


def _outcome(fact: Recorded[Any]) -> str:
    words: dict[type, Callable[[Any], str]] = {
        AppealOpened: lambda body: f"opened{OPENED[body.by]}",
        UpholdProposed: lambda body: f"proposed {body.ground}",
        AppealUpheld: lambda _: "upheld",
        AppealRejected: lambda _: "rejected",
        Declared: lambda body: body.effect + BY[body.by],
        CorrectionReviewed: lambda body: "confirmed" if body.confirmed else "not confirmed",
        proxies.ConsentGiven: lambda _: "consented",
    }
    return words[type(fact.body)](fact.body)
