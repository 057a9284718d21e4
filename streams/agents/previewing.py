"""A proposal previewed on what is in the journal, partition by partition; nothing is written."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from streams.agents import refold
from streams.agents.beginnings import history
from streams.domain.preview import Proposed, counted, preview
from streams.domain.records import AreaPublished, PolicyPublished, Sightings
from streams.kafka.errors import UnusableError
from streams.kafka.journal import Refused
from streams.kafka.wire import wire_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from streams.agents.proposal import Proposal
    from streams.agents.published import InForce
    from streams.domain.fold import Fold
    from streams.domain.records import Colour, Record
    from streams.settings import Settings

    Show = Callable[[int, Callable[[], float]], None]


async def previewed(settings: Settings, proposal: Proposal, show: Show) -> Counter[tuple[Colour, Colour]]:
    """Count the phones that would change, by colour before and after.

    `show` is told how many sightings were folded and, when it asks, the share of the journal.
    """
    brokers, found = settings.kafka_brokers, Counter[tuple["Colour", "Colour"]]()
    plan = Proposed({area.id: area for area in proposal.areas}, proposal.policy)
    wire = wire_of(settings)
    stretches = await refold.partitions(brokers, settings)
    whole = max(sum(end - first for first, end in stretches.values()), 1)
    done = sightings = 0

    def share() -> float:
        return done / whole

    for partition, (first, end) in sorted(stretches.items()):
        fold = refold.fresh_fold(settings, partition)
        async for offset, record in history(settings, wire, partition, first, end):
            done += 1
            if not isinstance(record, Refused):
                fold.apply(record, offset)
                sightings += len(record.slots) if isinstance(record, Sightings) else 0
                show(sightings, share)
        for pending in _published(proposal.current):
            fold.apply(pending, None)
        _check(fold, proposal)
        found += counted(preview(fold, plan))
    return found


def _published(current: InForce) -> list[Record]:
    """Return what stands as it enters a journal; what has entered already is ignored there."""
    policy = current.policy
    areas: list[Record] = [AreaPublished(0, area) for area in current.areas.values()]
    return [*areas, PolicyPublished(0, policy.version, policy.thresholds())]


def _check(fold: Fold, proposal: Proposal) -> None:
    """Raise UnusableError where the journal holds a version that the topics have lost."""
    for area in proposal.areas:
        known = fold.versions.get(area.id)
        if known is not None and known.version >= area.version:
            raise UnusableError(
                f"area {area.id!r}: version {area.version} would be ignored, version {known.version} "
                f"is in the journal: make it {known.version + 1}"
            )
    known_policy = fold.rules.policy.version
    if proposal.policy is not None and known_policy >= proposal.policy.version:
        raise UnusableError(
            f"policy version {proposal.policy.version} would be ignored, version {known_policy} is in the "
            f"journal: make it {known_policy + 1}"
        )
