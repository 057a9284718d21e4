"""The one place that says which topics there are and how each is kept (interfaces: topics)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streams.settings import Settings

DAY_MS: Final = 86_400_000
WHOLE_DAYS: Final = 30
"""`colour-changes` is whole for so long, dead letters are kept as long."""
COMMAND_DAYS: Final = 7
"""Commands are kept so long: by then they are decided."""
SLACK_DAYS: Final = 3
"""The journal outlives the retention by this."""
PARTIAL_DAYS: Final = 1
"""Exact counts by hex are kept as long: by then they are added up."""
LOOKED_DAYS: Final = 400
"""Look-ups are kept as long (rule 17.1)."""
LARGEST: Final = 2 << 20
"""Bytes of the largest record a topic takes."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as it should be; `settings` by Kafka's names."""

    name: str
    partitions: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """Topic names; `prefix` is SHENDENG_TOPIC_PREFIX."""

    prefix: str = ""

    @property
    def journal(self) -> str:
        """Everything that drives the colours."""
        return f"{self.prefix}journal"

    @property
    def checkpoints(self) -> str:
        """How far each journal partition is folded, and checkpoints of its state."""
        return f"{self.prefix}checkpoints"

    @property
    def colour_changes(self) -> str:
        """What comes out."""
        return f"{self.prefix}colour-changes"

    @property
    def hex_partials(self) -> str:
        """Exact counts of phones by hex, a journal partition's as an hour begins; internal."""
        return f"{self.prefix}hex-partials"

    @property
    def hex_counts(self) -> str:
        """What may be published of their sums, by hex."""
        return f"{self.prefix}hex-counts"

    @property
    def cell_towers(self) -> str:
        """Towers by id."""
        return f"{self.prefix}cell-towers"

    @property
    def risk_areas(self) -> str:
        """Key areas by id."""
        return f"{self.prefix}risk-areas"

    @property
    def policies(self) -> str:
        """Whole policies."""
        return f"{self.prefix}policies"

    @property
    def exclusions(self) -> str:
        """What decided cases strike out, by case."""
        return f"{self.prefix}exclusions"

    @property
    def identity_bindings(self) -> str:
        """Who holds which phone, and what was decided of it, by phone and version."""
        return f"{self.prefix}identity-bindings"

    @property
    def residents(self) -> str:
        """The communities' registers, by person."""
        return f"{self.prefix}residents"

    @property
    def communities(self) -> str:
        """Communities by id."""
        return f"{self.prefix}communities"

    @property
    def orders(self) -> str:
        """Communities' stricter tables, by id."""
        return f"{self.prefix}orders"

    @property
    def person_colours(self) -> str:
        """Persons' colours, by person."""
        return f"{self.prefix}person-colours"

    @property
    def person_phones(self) -> str:
        """What each phone says of a person, by person and phone, and the time; internal."""
        return f"{self.prefix}person-phones"

    @property
    def commands(self) -> str:
        """What authenticated actors ask for, by aggregate."""
        return f"{self.prefix}commands"

    @property
    def declarations(self) -> str:
        """What was declared, by aggregate and version."""
        return f"{self.prefix}declarations"

    @property
    def referrals(self) -> str:
        """Referrals, by aggregate and version."""
        return f"{self.prefix}referrals"

    @property
    def night_requests(self) -> str:
        """What is asked about nights (rule 15.1), by phone; internal."""
        return f"{self.prefix}night-requests"

    @property
    def nights(self) -> str:
        """What the phones' workers answer, by person; internal."""
        return f"{self.prefix}nights"

    @property
    def appeals(self) -> str:
        """Appeals, by aggregate and version."""
        return f"{self.prefix}appeals"

    @property
    def passes(self) -> str:
        """Passes, by aggregate and version."""
        return f"{self.prefix}passes"

    @property
    def sms_inbound(self) -> str:
        """Texts as carriers' bridges have read them, by phone."""
        return f"{self.prefix}sms-inbound"

    @property
    def sms_outbound(self) -> str:
        """Answers to texts, by phone."""
        return f"{self.prefix}sms-outbound"

    @property
    def itinerary_requests(self) -> str:
        """What is asked of phones' diaries, by phone."""
        return f"{self.prefix}itinerary-requests"

    @property
    def itineraries(self) -> str:
        """What diaries answered, by request."""
        return f"{self.prefix}itineraries"

    @property
    def dead_letters(self) -> str:
        """What could not be used, of every source."""
        return f"{self.prefix}dead-letters"

    def undivided(self) -> tuple[str, ...]:
        """Return the topics of one partition that every partition of the people's side looks at."""
        return *self.judged_by(), self.communities

    def by_pseudonym(self) -> tuple[str, ...]:
        """Return the topics whose keys are pseudonyms of 16 bytes."""
        kept = (self.colour_changes, self.residents, self.person_colours, self.commands)
        asked = (
            self.night_requests,
            self.nights,
            self.sms_inbound,
            self.sms_outbound,
            self.itinerary_requests,
        )
        return *kept, *asked

    def judged_by(self) -> tuple[str, ...]:
        """Return the topics that say what reasons there are: areas and policies."""
        return self.risk_areas, self.policies

    @property
    def lookups(self) -> str:
        """Who looked at whom: links, texts, heads."""
        return f"{self.prefix}lookups"

    def events(self, carrier: str) -> str:
        """Return the topic a carrier writes its sightings to."""
        return f"{self.prefix}location-events.{carrier}"

    def dead_letters_of(self, carrier: str) -> str:
        """Return the topic of one carrier's own dead letters."""
        return f"{self.prefix}dead-letters.{carrier}"

    def carrier(self, topic: str) -> str | None:
        """Return whose topic of sightings this is, None for any other topic."""
        stem = f"{self.prefix}location-events."
        return topic.removeprefix(stem) if topic.startswith(stem) and topic != stem else None


def carriers_of(text: str) -> list[str]:
    """Return the carriers a setting lists, none where it is a pattern."""
    return [] if "*" in text else [name.strip() for name in text.split(",") if name.strip()]


def topics(settings: Settings, carriers: Iterable[str]) -> list[Topic]:
    """Return every topic of a deployment with these carriers."""
    names, count = Names(settings.topic_prefix), settings.partitions
    found = [
        Topic(names.cell_towers, 1, _compacted() | APPEND_TIME),
        Topic(names.risk_areas, 1, _compacted() | APPEND_TIME),
        Topic(names.policies, 1, _compacted() | APPEND_TIME),
        Topic(names.exclusions, 1, _compacted() | APPEND_TIME),
        Topic(names.journal, count, _kept(settings.retention_days + SLACK_DAYS) | APPEND_TIME),
        Topic(names.checkpoints, count, _compacted() | SMALL_SEGMENTS),
        Topic(names.colour_changes, count, _compacted() | {"min.compaction.lag.ms": _days(WHOLE_DAYS)}),
        Topic(names.hex_partials, 1, _kept(PARTIAL_DAYS)),
        Topic(names.hex_counts, 1, _compacted()),
        Topic(names.lookups, count, _kept(LOOKED_DAYS) | ERASABLE | APPEND_TIME),
        Topic(names.dead_letters, 1, _kept(WHOLE_DAYS)),
        Topic(names.commands, count, _kept(COMMAND_DAYS) | APPEND_TIME),
        Topic(names.identity_bindings, count, _compacted() | APPEND_TIME),
        *(Topic(name, 1, _compacted() | APPEND_TIME) for name in (names.communities, names.orders)),
        Topic(names.residents, count, _compacted() | APPEND_TIME),
        *(Topic(name, count, _compacted()) for name in _facts(names)),
        Topic(names.person_phones, count, _compacted() | SMALL_SEGMENTS),
        *(
            Topic(name, count, ANSWERED | APPEND_TIME)
            for name in (names.night_requests, names.nights, names.itinerary_requests, names.itineraries)
        ),
        *(Topic(name, count, _kept(1) | APPEND_TIME) for name in (names.sms_inbound, names.sms_outbound)),
    ]
    for carrier in carriers:
        found.append(Topic(names.events(carrier), count, _kept(SLACK_DAYS) | APPEND_TIME))
        found.append(Topic(names.dead_letters_of(carrier), 1, _kept(WHOLE_DAYS)))
    return found


def _facts(names: Names) -> tuple[str, ...]:
    return names.person_colours, names.declarations, names.referrals, names.appeals, names.passes


SMALL_SEGMENTS: Final = {"segment.bytes": str(16 << 20), "segment.ms": "600000"}
"""Only what is in closed segments is compacted, and a worker that recovers reads all of it."""
ERASABLE: Final = {
    "cleanup.policy": "compact,delete",
    "segment.ms": str(DAY_MS),
    "max.compaction.lag.ms": str(DAY_MS),
}
"""Every key stands once, so compaction takes what a tombstone names and nothing else, within two days."""
ANSWERED: Final = {"cleanup.policy": "delete", "retention.ms": "3600000", "segment.ms": "600000"}
"""What is asked, and answered of where somebody was, is read within the hour; whole segments go."""
APPEND_TIME: Final = {"message.timestamp.type": "LogAppendTime"}


def _days(days: int) -> str:
    return str(days * DAY_MS)


def _kept(days: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": _days(days), "max.message.bytes": str(LARGEST)}


def _compacted() -> dict[str, str]:
    return {"cleanup.policy": "compact", "max.message.bytes": str(LARGEST)}
