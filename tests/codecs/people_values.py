"""One value of each schema about people, with how it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streams import codecs
from streams.codecs.bodies import decode_body, encode_body
from streams.domain.records import Reason
from streams.people import (
    appealed,
    appeals,
    declarations,
    erasure,
    forgetting,
    passes,
    phone_facts,
    phoneless,
    proxies,
    questions,
    referrals,
    referred,
    said,
    upheld,
)
from streams.people.actors import Actor, Role
from streams.people.addresses import ANYWHERE, Address
from streams.people.bindings import Binding
from streams.people.codes.claims import Colour
from streams.people.combined import Source
from streams.people.commands import Command, Recorded
from streams.people.inheritance import ColourWitnessed
from streams.people.manual import AgreeToBinding, ConfirmBinding, ProposeBinding, RejectBinding
from streams.people.nights import NightsAsked, NightsSpent
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
FACT = Recorded(PHONE.hex(), 4, "c-1", OFFICER, NOW * 1000, phone_facts.HolderAgreed(PERSON))
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
HEX = 613363266007072767
CAUSES = (referred.Cause("red", "STAYED", "market"), referred.Cause("contradicted", "STAYED", "market"))
REFERRALS = (
    referrals.AcknowledgeReferral(),
    referrals.RecordContact("by telephone"),
    referrals.RecordPlacement("在家"),
    referrals.RecordFinding("STAYED", "market", confirmed=False, ticket="T-1"),
    referrals.CloseReferral("a-1"),
    referred.ReferralOpened(1, CAUSES, "red", Address("lane-7", "county-1", "nights", 30), NOW),
    referred.CausesAdded(CAUSES[:1], "red", NOW),
    referred.CausesGone((), "green", "close"),
    referred.ReferralAddressed(ANYWHERE),
    referred.ReferralEscalated(2, NOW),
    referred.ReferralAcknowledged(),
    referred.PersonContacted("by telephone"),
    referred.PersonPlaced("在家"),
    referred.FindingRecorded("STAYED", "market", confirmed=True, ticket="T-1"),
    referred.ReferralClosed(""),
)
NIGHTS_ASKED, NIGHTS_SPENT = (
    NightsAsked(PERSON, PHONE, NOW),
    NightsSpent(PERSON, PHONE, HEX, 30),
)
APPEALS = (
    appeals.OpenAppeal("reason", "STAYED", "market", "", "T-1"),
    appeals.ProposeUphold("appeal-1", "tower_misplaced", "T-1", hex=HEX, from_=NOW - 900, until=NOW),
    appeals.ConfirmUphold("appeal-1", 2),
    appeals.RejectAppeal("appeal-1", "手机确实在那里 the phone was there", "T-1"),
    appealed.AppealOpened("appeal-1", "binding", "", "", PHONE.hex(), "", "proxy", NOW),
    appealed.UpholdProposed("appeal-1", "cloned", PHONE.hex(), None, NOW - 900, None, None, "T-1"),
    appealed.AppealUpheld("appeal-1", "declaration_mistaken", "", None, None, None, 3, "T-1", "county-1"),
    appealed.AppealRejected("appeal-1", "the phone was there", "T-1"),
    declarations.ConfirmCorrection(3, "appeal-1"),
    upheld.StrikeSightings("appeal-1", NOW, NOW - 900, NOW - 60),
    upheld.CorrectBinding(PERSON, "appeal-1"),
    phone_facts.CaseStruck("appeal-1", PHONE, NOW, None, NOW - 60),
    phone_facts.BindingCorrected(PERSON, 7, "appeal-1"),
)
ENDING = (
    erasure.ErasePerson("T-3"),
    erasure.EraseAlso(NOW),
    erasure.ForgetPerson(NOW),
    erasure.NoteForgotten(3),
    erasure.EraseTexts((f"{PERSON.hex()}/web-1/7",), last=True),
    erasure.ErasureProposed("T-3"),
    erasure.ErasureRequested(NOW),
    erasure.PersonErased(4),
    erasure.PartForgotten(3),
    erasure.TextsErased(),
    forgetting.HolderForgotten((forgetting.Restated(5, 0, NOW, None),), (1, 2), (OTHER,)),
    forgetting.BindingRestated(PERSON, NOW, 5, 2, lead=True),
)
BODIES = (
    *DECLARATIONS,
    *REFERRALS,
    *APPEALS,
    *ENDING,
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
    phone_facts.BindingProposed(PERSON, NOW, "document_seen", "T-1"),
    phone_facts.BindingConfirmed(PERSON, NOW, 5, "document_seen", "T-1"),
    phone_facts.ProposalRejected(),
    phone_facts.HolderAgreed(PERSON),
    phone_facts.SightingsStruck(-1, NOW, PHONE, withdrawn=True),
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
    "NightsAsked": (codecs.encode_nights_asked(NIGHTS_ASKED), codecs.decode_nights_asked, NIGHTS_ASKED),
    "NightsSpent": (codecs.encode_nights_spent(NIGHTS_SPENT), codecs.decode_nights_spent, NIGHTS_SPENT),
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
