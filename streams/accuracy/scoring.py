"""What was said of each phone held against the truth: hours, episodes, delays, causes of false reds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from streams.accuracy.causes import cause
from streams.accuracy.definition import COLOURS, JUDGED, RED, UNKNOWN
from streams.accuracy.homes import strata
from streams.accuracy.timeline import pieces, together
from streams.accuracy.truth import true_colours
from streams.accuracy.world import world_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from streams.accuracy.said import Said
    from streams.accuracy.timeline import Piece, Timeline
    from streams.accuracy.tracks import Ints, Tracks
    from streams.accuracy.world import World
    from streams.domain.policy import Policy
    from streams.domain.records import AreaVersion, Record


class Episode(NamedTuple):
    """A maximal time of one colour, true or said; whether the other side ever agrees within it.

    `delay`: seconds from the truth's turning to its being said, below 0 for early, None where it was not
    found or the episode is of what was said.
    """

    colour: int
    start: int
    end: int
    met: bool
    delay: int | None = None


class FalseRed(NamedTuple):
    """A time said red and not truly so, and why (`causes.CAUSES`)."""

    start: int
    end: int
    cause: str


@dataclass(slots=True)
class Scored:
    """One phone's score; `seconds` are [true colour, said colour], `stratum` None where it has no truth.

    `said` are the episodes of which the truth tells something.
    """

    phone: bytes
    stratum: str | None
    seconds: Ints
    true: list[Episode] = field(default_factory=list)
    said: list[Episode] = field(default_factory=list)
    false_reds: list[FalseRed] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of a world, worked out once; it can be held against whatever is said of it."""

    tracks: Tracks
    world: World
    colours: Sequence[Timeline]
    strata: Sequence[str]

    @classmethod
    def of(
        cls,
        tracks: Tracks,
        towers: Sequence[tuple[float, float]],
        policy: Policy,
        areas: Iterable[AreaVersion],
        course: Iterable[tuple[int, Record]],
    ) -> Truth:
        """Work it out; `towers` are (longitude, latitude), `course` what enters when (`world_of`)."""
        world = world_of(policy, areas, course)
        return cls(tracks, world, true_colours(tracks, world), strata(tracks, world, towers))


def scores(
    truth: Truth, said: Said, begin: int, until: int, among: Iterable[bytes] | None = None
) -> list[Scored]:
    """Score every phone with a truth or a colour (only those `among`, where given) over [begin, until)."""
    number = {phone: place for place, phone in enumerate(truth.tracks.phones)}
    phones = [*number, *(phone for phone in said.phones if phone not in number)] if among is None else among
    return [_scored(truth, said, phone, number.get(phone), (begin, until)) for phone in phones]


def _scored(truth: Truth, said: Said, phone: bytes, number: int | None, span: tuple[int, int]) -> Scored:
    really = pieces([] if number is None else truth.colours[number], *span)
    told = pieces(said.colours(phone), *span)
    known = [piece for piece in really if piece.colour != UNKNOWN]
    seconds = np.zeros((len(COLOURS), len(COLOURS)), np.int64)
    common = list(together(really, told))
    for piece, colour in common:
        seconds[piece.colour, colour] += piece.end - piece.start
    found = Scored(phone, None if number is None else truth.strata[number], seconds)
    for colour in JUDGED:
        true, as_said = ([p for p in side if p.colour == colour] for side in (really, told))
        found.true += _true_episodes(true, as_said)
        found.said += [Episode(colour, p.start, p.end, _meets(p, true)) for p in as_said if _meets(p, known)]
    if number is not None:
        found.false_reds = [
            FalseRed(
                p.start, p.end, cause(truth.tracks, truth.world, number, said.stays(phone, p.start), p.start)
            )
            for p in _false_reds(common)
        ]
    return found


def _true_episodes(true: Sequence[Piece], said: Sequence[Piece]) -> list[Episode]:
    """Return the true episodes of one colour with the delay of each.

    Where the colour was said already, the delay is since when, but not since before the true episode before
    was over: then nothing had turned for who was told, and the delay is none.
    """
    found, before = [], None
    for piece in true:
        meeting = next((one for one in said if one.start < piece.end and one.end > piece.start), None)
        delay = None
        if meeting is not None:
            delay = 0 if before is not None and meeting.start < before else meeting.start - piece.start
        found.append(Episode(piece.colour, piece.start, piece.end, meeting is not None, delay))
        before = piece.end
    return found


def _meets(piece: Piece, others: Sequence[Piece]) -> bool:
    return any(other.start < piece.end and other.end > piece.start for other in others)


def _false_reds(common: Sequence[tuple[Piece, int]]) -> list[Piece]:
    """Return the times said red and truly something else that is known, neighbours joined."""
    found: list[Piece] = []
    for piece, said in common:
        if said != RED or piece.colour in (RED, UNKNOWN):
            continue
        if found and found[-1].end == piece.start:
            found[-1] = found[-1]._replace(end=piece.end)
        else:
            found.append(piece)
    return found
