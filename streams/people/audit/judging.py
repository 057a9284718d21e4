"""One writer's chain judged: its joints, its beginning, its end, its heads and its texts (rule 17.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from streams.people.audit.digests import ZERO
from streams.people.audit.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.people.audit.chain import End, Link

DAY_MS: Final = 86_400_000
KEPT_MS: Final = 400 * DAY_MS
"""What is younger may not be gone."""
SIGNED_WITHIN_MS: Final = DAY_MS + 7_200_000
"""Heads are signed daily, and two hours are allowed for it."""


@dataclass(slots=True)
class Kept:
    """What is kept of one writer: links by number, each text's commitment and time, and who vouches for what.

    `vouched` are ends under a right signature, or remembered; `signed` the latest under a signature,
    `signed_at` (ms) when the latest was signed.
    """

    links: dict[int, Link] = field(default_factory=dict)
    texts: dict[int, tuple[bytes, int]] = field(default_factory=dict)
    vouched: list[End] = field(default_factory=list)
    signed: int = 0
    signed_at: int = 0


def findings_of(writer: str, kept: Kept, now: int) -> Iterator[Finding]:
    """Yield what is wrong with one writer's chain as of `now` (ms)."""
    judges = (_joints, _beginning, _heads, _unsigned, _texts) if kept.links else (_all_gone, _texts)
    for judge in judges:
        for sequence, code, what in judge(kept, now):
            yield Finding(writer, sequence, code, what)


Said = tuple[int, str, str]
"""Sequence, code and what is wrong."""


def _joints(kept: Kept, _: int) -> Iterator[Said]:
    for sequence, link in kept.links.items():
        if link.hash != link.computed():
            yield sequence, "changed", "the link's hash is not that of what it says"
    for before, after in pairwise(sorted(kept.links)):
        one, other = kept.links[before], kept.links[after]
        if after != before + 1:
            through = f" through {after - 1}" if after - before > 2 else ""  # noqa: PLR2004 - more than one
            yield before + 1, "missing", f"there is no link {before + 1}{through}"
        elif (other.previous, other.previous_at) != (one.hash, one.at):
            yield before, "changed", f"link {after} remembers another one"


def _beginning(kept: Kept, now: int) -> Iterator[Said]:
    """Judge a beginning: the first link, or the first that retention left, under a signed head."""
    first = kept.links[min(kept.links)]
    if first.sequence == 1:
        if (first.previous, first.previous_at) != (ZERO, 0):
            yield 1, "changed", "the first link remembers one before it"
        return
    gone = first.sequence - 1
    if first.previous_at > now - KEPT_MS:
        yield gone, "cut_early", f"the links through {gone} are gone, and were to be kept"
    if not any(_holds(kept, end) for end in kept.vouched):
        yield gone, "cut_unsigned", f"the links through {gone} are gone, and no signed head shows the cut"


def _holds(kept: Kept, end: End) -> bool | None:
    """Say whether the links kept are those that somebody vouches for, None where they cannot tell."""
    link = kept.links.get(end.sequence)
    if link is not None:
        return link.end() == end
    after = kept.links.get(end.sequence + 1)
    if after is not None:
        return (after.previous, after.previous_at) == (end.hash, end.at)
    return None


def _heads(kept: Kept, _: int) -> Iterator[Said]:
    last = max(kept.links)
    for end in sorted(set(kept.vouched), key=lambda end: end.sequence):
        if _holds(kept, end) is False and end.sequence <= last:
            yield end.sequence, "head_mismatch", "the link is not the one that was vouched for"
    furthest = max((end.sequence for end in kept.vouched), default=0)
    if furthest > last:
        yield last + 1, "cut_end", f"links through {furthest} were vouched for, the last one is {last}"


def _unsigned(kept: Kept, now: int) -> Iterator[Said]:
    oldest = min((sequence for sequence in kept.links if sequence > kept.signed), default=0)
    if oldest and kept.links[oldest].at < now - SIGNED_WITHIN_MS:
        yield oldest, "unsigned", "no signed head covers the links from here, which are over a day old"


def _all_gone(kept: Kept, now: int) -> Iterator[Said]:
    end = max(kept.vouched, key=lambda end: end.sequence, default=None)
    if end is not None and end.at > now - KEPT_MS:
        yield end.sequence, "cut_early", "the link was vouched for, and no link is left"


def _texts(kept: Kept, now: int) -> Iterator[Said]:
    first = min(kept.links, default=0)
    for sequence, (commitment, at) in kept.texts.items():
        link = kept.links.get(sequence)
        if link is not None and link.commitment != commitment:
            yield sequence, "text_changed", "the text is not the one that the link commits to"
        elif link is None and (sequence > first if first else at > now - KEPT_MS):
            yield sequence, "text_without_link", "there is a text, and no link"
