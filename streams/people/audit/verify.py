"""Verifying chains: whatever was cut, changed, taken out or put elsewhere is found and named (rule 17.1)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.people.audit.chain import Link, Text
from streams.people.audit.findings import Finding
from streams.people.audit.heads import Head
from streams.people.audit.judging import Kept, findings_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.people.audit.chain import End
    from streams.people.audit.heads import Known


@dataclass(frozen=True, slots=True)
class Erased:
    """Something marked for removal: a text, as it may be, or a link, as it may not."""

    writer: str
    sequence: int
    link: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A record that is none of ours, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Stood:
    """A record and its place; a writer's links stand in one partition, in order."""

    partition: int
    offset: int
    what: Link | Text | Head | Erased | Unreadable


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain as it was found; `bare` counts links whose text is gone, `signed` is the last under a head."""

    first: int
    end: End
    bare: int
    signed: int
    signed_at: int


@dataclass(frozen=True, slots=True)
class Report:
    """What verifying gave: findings by writer and sequence, and the chains as they stand."""

    findings: tuple[Finding, ...]
    chains: tuple[Chain, ...]


@dataclass(slots=True)
class Verifier:
    """Takes records in the order of each partition; a link costs its fields, a text its digest only.

    `vouched` are ends of chains that somebody remembers from an earlier verification.
    """

    keys: Known
    vouched: Iterable[End] = ()
    _kept: dict[str, Kept] = field(default_factory=lambda: defaultdict(Kept))
    _latest: dict[tuple[int, str], int] = field(default_factory=dict)
    _found: list[Finding] = field(default_factory=list)

    def take(self, stood: Stood) -> None:
        """Take one record."""
        match stood.what:
            case Link() as link:
                self._link(stood.partition, link)
            case Text() as text:
                self._kept[text.writer].texts[text.sequence] = (text.commitment(), text.lookup.at)
            case Head() as head:
                self._head(head)
            case Erased(writer, sequence, link=True):
                self._say(writer, sequence, "erased_link", "the link is marked for removal")
            case Erased(writer, sequence):
                self._kept[writer].texts.pop(sequence, None)
            case Unreadable(reason):
                self._say("", 0, "unreadable", f"partition {stood.partition} offset {stood.offset}: {reason}")

    def report(self, now: int) -> Report:
        """Return what is wrong as of `now` (ms), and every chain."""
        for end in self.vouched:
            self._kept[end.writer].vouched.append(end)
        found, chains = list(self._found), []
        for writer, kept in sorted(self._kept.items()):
            found += findings_of(writer, kept, now)
            if kept.links:
                chains.append(_chain(kept))
        return Report(tuple(sorted(found)), tuple(chains))

    def _link(self, partition: int, link: Link) -> None:
        kept, place = self._kept[link.writer], (partition, link.writer)
        known = kept.links.get(link.sequence)
        if known is not None:
            code, what = ("doubled", "twice") if known == link else ("forked", "in two versions")
            self._say(link.writer, link.sequence, code, f"the link stands there {what}")
            return
        before = self._latest.get(place, 0)
        if link.sequence < before:
            self._say(link.writer, link.sequence, "reordered", f"the link stands behind link {before}")
        self._latest[place] = max(before, link.sequence)
        kept.links[link.sequence] = link

    def _head(self, head: Head) -> None:
        end = head.end
        right = self.keys.signed(head.key, head.message(), head.signature)
        if right:
            kept = self._kept[end.writer]
            kept.vouched.append(end)
            kept.signed_at = max(kept.signed_at, head.at)
            kept.signed = max(kept.signed, end.sequence)
        elif right is None:
            self._say(end.writer, end.sequence, "unknown_key", f"a head is signed by key {head.key.hex()}")
        else:
            self._say(end.writer, end.sequence, "bad_signature", f"a head's by key {head.key.hex()} is wrong")

    def _say(self, writer: str, sequence: int, code: str, what: str) -> None:
        self._found.append(Finding(writer, sequence, code, what))


NO_MATTER: Final = ("unsigned", "unreadable", "text_changed", "text_without_link")
"""Findings that leave a chain of links whole."""


def verified(stood: Iterable[Stood], keys: Known, now: int, vouched: Iterable[End] = ()) -> Report:
    """Return what is wrong with these records as of `now` (ms), and every chain."""
    verifier = Verifier(keys, vouched)
    for one in stood:
        verifier.take(one)
    return verifier.report(now)


def signable(report: Report, despite: Iterable[str] = ()) -> tuple[End, ...]:
    """Return the ends that may be signed: of chains whose links are whole, or that `despite` names."""
    wrong = {finding.writer for finding in report.findings if finding.code not in NO_MATTER} - {*despite}
    return tuple(chain.end for chain in report.chains if chain.end.writer not in wrong)


def _chain(kept: Kept) -> Chain:
    last = kept.links[max(kept.links)]
    bare = sum(sequence not in kept.texts for sequence in kept.links)
    return Chain(min(kept.links), last.end(), bare, kept.signed, kept.signed_at)
