"""One value of each schema about people, with how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.codecs.bodies import decode_body, encode_body
from streams.domain.records import Reason
from streams.people import declarations, passes, phoneless, phones, proxies, questions, said
from streams.people.actors import Actor, Role
from streams.people.bindings import Binding
from streams.people.codes.claims import Colour
from streams.people.combined import Source
from streams.people.commands import Command, Recorded
from streams.people.inheritance import ColourWitnessed
from streams.people.manual import AgreeToBinding, ConfirmBinding, ProposeBinding, RejectBinding
from streams.people.orders import Order
from streams.people.person_colour import PersonColour
from streams.people.register import Community, Resident
from streams.people.sms.itinerary import City, Itinerary, ItineraryRequest
from streams.people.sms.said import SmsInbound, SmsOutbound
from streams.people.statements import Place, Statement
from streams.people.vouched import HeldPhone, KeptReason, PersonPhone

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
ORDER = Order(
    "market",
    2,
    "lane-7",
    "street office",
    ("Wang", "李"),
    "a crowded market",
    NOW,
    NOW + 86_400,
    {"green": "register", "unknown": "register"},
    signal_required=True,
)
STATEMENT = Statement(
    (Place((613363266007072767, 613363266009169919), True, NOW - 60, NOW),),
    NOW - 90,
    ("fever",),
    ("with_a_case",),
)
DECLARATIONS = (
    declarations.Declare(STATEMENT),
    declarations.ReviewCorrection(2, "T-1", confirmed=True),
    declarations.AnswerQuestion("STAYED", "market", "我的手机借给了兄弟"),
    declarations.NoteProxy(PERSON.hex(), acts=True),
    said.Declared(STATEMENT, "proxy", "milder", NOW),
    said.CorrectionReviewed(2, "T-1", confirmed=False),
    said.QuestionAnswered("STAYED", "market", "my brother had my phone", "self"),
    said.ProxyNoted(PERSON.hex(), acts=False),
    proxies.GiveConsent(PERSON.hex(), "guardian", "paper 7"),
    proxies.WithdrawConsent(PERSON.hex()),
    proxies.ConsentGiven(PERSON.hex(), "consent", ""),
    proxies.ConsentWithdrawn(PERSON.hex()),
)
STAY = Reason("STAYED", "market", 1, NOW - 60, NOW, 240)
PERSON_PHONE = PersonPhone(
    PERSON,
    PHONE,
    HeldPhone(NOW - 60, NOW + 60, (STAY, Reason("RECENT_ARRIVAL")), NOW, lead=True),
    (KeptReason(STAY, NOW + 900, lead=False),),
    1023,
)
PERSON_COLOUR = PersonColour(
    PERSON,
    2,
    "green",
    "red",
    (
        Source("kept", "red", (STAY,), None, manual=True),
        Source("declaration", "green", (Reason("CLEAR"),), 7, by="proxy"),
    ),
    NOW,
)
BODIES = (
    *DECLARATIONS,
    phoneless.RecordNoPhone(),
    phoneless.RemoveNoPhone(),
    phoneless.NoPhoneProposed(),
    phoneless.NoPhoneRecorded(),
    phoneless.NoPhoneRemoved(),
    questions.QuestionRaised("STAYED", "market"),
    questions.QuestionDropped("STAYED", "market"),
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
SMS_INBOUND = SmsInbound("m-1", "mobile", "consents", "en", 1023)
SMS_OUTBOUND = SmsOutbound("m-1", "mobile", ("1/2 台州、", "2/2 杭州。"), NOW)
REQUEST = ItineraryRequest("3-141", "m-1", "mobile", "en", 240, NOW)
ITINERARY = Itinerary("3-141", 240, 14, "Asia/Shanghai", NOW, NOW - 900, (City("台州", "Taizhou"),))
PEOPLE: dict[str, tuple[bytes, Callable[[bytes], Any], Any]] = {
    "Command": (codecs.encode_command(COMMAND), codecs.decode_command, COMMAND),
    "Recorded": (codecs.encode_recorded(FACT), codecs.decode_recorded, FACT),
    "Binding": (codecs.encode_binding(BINDING), codecs.decode_binding, BINDING),
    "Resident": (codecs.encode_resident(RESIDENT), codecs.decode_resident, RESIDENT),
    "Order": (codecs.encode_order(ORDER), codecs.decode_order, ORDER),
    "Community": (codecs.encode_community(COMMUNITY), codecs.decode_community, COMMUNITY),
    "PersonPhone": (codecs.encode_person_phone(PERSON_PHONE), codecs.decode_person_phone, PERSON_PHONE),
    "PersonColour": (codecs.encode_person_colour(PERSON_COLOUR), codecs.decode_person_colour, PERSON_COLOUR),
    "SmsInbound": (codecs.encode_sms_inbound(SMS_INBOUND), codecs.decode_sms_inbound, SMS_INBOUND),
    "SmsOutbound": (codecs.encode_sms_outbound(SMS_OUTBOUND), codecs.decode_sms_outbound, SMS_OUTBOUND),
    "ItineraryRequest": (
        codecs.encode_itinerary_request(REQUEST),
        codecs.decode_itinerary_request,
        REQUEST,
    ),
    "Itinerary": (codecs.encode_itinerary(ITINERARY), codecs.decode_itinerary, ITINERARY),
    **{type(body).__name__: (encode_body(body), decode_body, body) for body in BODIES},
}
