"""One value of each schema about people, with how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.codecs.bodies import decode_body, encode_body
from streams.domain.records import Reason
from streams.people import passes, phones
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.codes.claims import Colour
from streams.people.commands import Command, Recorded
from streams.people.inheritance import ColourWitnessed
from streams.people.manual import AgreeToBinding, ConfirmBinding, ProposeBinding, RejectBinding
from streams.people.register import Community, Resident

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = 1_790_000_000
PHONE, PERSON, OTHER = bytes(range(16)), bytes(range(16, 32)), bytes(range(32, 48))
OFFICER = Actor("officer-1", Role.OFFICER, "county-1")
SQUARE = ((((121.0, 28.0), (122.0, 28.0), (122.0, 29.0), (121.0, 28.0)),),)
PROPOSAL = ProposeBinding(PERSON, NOW, "guardian", "T-1", OTHER)
COMMAND = Command("c-1", PHONE.hex(), OFFICER, NOW * 1000, PROPOSAL, 3)
FACT = Recorded(PHONE.hex(), 4, "c-1", OFFICER, NOW * 1000, phones.HolderAgreed(PERSON))
BINDING = Binding(PHONE, NOW, PERSON, "mobile", NOW - 60, NOW + 60, OTHER, OTHER, 1023)
RESIDENT = Resident(PERSON, 2, "lane-7", "60-69", 7, 613363266007072767)
COMMUNITY = Community("lane-7", 1, "七巷 Lane 7", "county-1", SQUARE, ("office-1",), withdrawn=True)
BODIES = (
    PROPOSAL,
    ConfirmBinding(PERSON),
    RejectBinding(),
    AgreeToBinding(),
    phones.BindingProposed(PERSON, NOW, "document_seen", "T-1"),
    phones.BindingConfirmed(PERSON, NOW, 5, "document_seen", "T-1"),
    phones.ProposalRejected(),
    phones.HolderAgreed(PERSON),
    phones.SightingsStruck(-1, NOW, PHONE, withdrawn=True),
    ColourWitnessed(
        2,
        "red",
        (Reason("STAYED", "market", 1, NOW - 60, NOW, 240), Reason("RECENT_ARRIVAL")),
        NOW,
        NOW + 900,
    ),
    passes.IssuePass(),
    passes.ReplacePass(PHONE, "T-2"),
    passes.PassIssued(PHONE, Colour.GREEN, NOW, NOW + 900, 1023, no_phone=True, replaces=OTHER),
    passes.PassRevoked(OTHER, passes.TURNED),
)
PEOPLE: dict[str, tuple[bytes, Callable[[bytes], Any], Any]] = {
    "Command": (codecs.encode_command(COMMAND), codecs.decode_command, COMMAND),
    "Recorded": (codecs.encode_recorded(FACT), codecs.decode_recorded, FACT),
    "Binding": (codecs.encode_binding(BINDING), codecs.decode_binding, BINDING),
    "Resident": (codecs.encode_resident(RESIDENT), codecs.decode_resident, RESIDENT),
    "Community": (codecs.encode_community(COMMUNITY), codecs.decode_community, COMMUNITY),
    **{type(body).__name__: (encode_body(body), decode_body, body) for body in BODIES},
}
