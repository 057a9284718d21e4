"""What AsyncAPI's document says of a topic; here of those with counts of phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streams.topics import Names

RECEIVE: Final = "receive"
SEND: Final = "send"


@dataclass(frozen=True, slots=True)
class About:
    """What a topic is for, what its key is, which schemas its values have, what the workers do with it."""

    channel: str
    what: str
    key: str
    values: tuple[str, ...]
    action: str


def counts(names: Names) -> dict[str, About]:
    """Return what is known of the topics with counts, by their names (rule 17.3)."""
    return {
        names.hex_partials: About(
            "hexPartials",
            "Exact counts of phones by colour and hex, of one journal partition as a slot begins; internal, "
            "and never to be published. Read it with read_committed.",
            "UTF-8: the partition.",
            ("HexPartial",),
            SEND,
        ),
        names.hex_counts: About(
            "hexCounts",
            "Phones by colour in each hex of resolution 7 as a slot begins, rounded down to a multiple of "
            "15, null under 15; a record where one of these changes. Read it with read_committed.",
            "UTF-8: the hex's 15 digits.",
            ("HexCount",),
            SEND,
        ),
    }
