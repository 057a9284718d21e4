"""What commands ask for and facts record: a frozen dataclass is the Avro record of its name.

A field whose name is a word of Python's has an underscore behind it there. An aggregate's bodies are listed
in BODIES, with how to read those that hold more than plain values.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from streams.codecs import schemas
from streams.codecs.errors import CodecError
from streams.codecs.writing import write
from streams.domain.records import Reason
from streams.people import (
    appealed,
    appeals,
    declarations,
    erasure,
    forgetting,
    inheritance,
    manual,
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
from streams.people.addresses import Address
from streams.people.codes.claims import ClaimsError, Colour
from streams.people.statements import Place, Statement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def encode_body(body: Any) -> bytes:
    """Return a body's bytes: single-object, whatever registry the deployment has."""
    return write(body)


def decode_body(value: bytes) -> Any:
    """Read a body of any aggregate; CodecError says why not."""
    name, found = schemas.decode(value, *BODIES)
    return BODIES[name](found)


def plainly(kind: type) -> Callable[[Mapping[str, Any]], Any]:
    """Return how a dataclass of plain values is read from its record's fields."""
    names = {each.name.rstrip("_"): each.name for each in fields(kind)}
    return lambda found: kind(**{names[name]: value for name, value in found.items()})


def _witnessed(found: Mapping[str, Any]) -> Any:
    reasons = tuple(map(plainly(Reason), found["reasons"]))
    return inheritance.ColourWitnessed(**{**found, "reasons": reasons})


def _referring(kind: type) -> Callable[[Mapping[str, Any]], Any]:
    """Return how a fact of a referral with causes or an address in it is read."""

    def read(found: Mapping[str, Any]) -> Any:
        more: dict[str, Any] = {}
        if "causes" in found:
            more["causes"] = tuple(referred.Cause(**one) for one in found["causes"])
        if "address" in found:
            more["address"] = Address(**found["address"])
        return kind(**{**found, **more})

    return read


def _holder_forgotten(found: Mapping[str, Any]) -> Any:
    rows = tuple(map(plainly(forgetting.Restated), found["told"]))
    return forgetting.HolderForgotten(rows, tuple(found["facts"]), tuple(found["phones"]))


def _pass_issued(found: Mapping[str, Any]) -> Any:
    try:
        issued = passes.PassIssued(**{**found, "colour": Colour(found["colour"])})
        passes.code_of(issued)
    except (ValueError, ClaimsError):
        raise CodecError("bad_value") from None
    return issued


def _place(found: Mapping[str, Any]) -> Place:
    return Place(tuple(found["cells"]), found["stayed"], found["from"], found["until"])


def _statement(found: Mapping[str, Any]) -> Statement:
    places = tuple(map(_place, found["places"]))
    return Statement(places, found["arrival"], tuple(found["symptoms"]), tuple(found["contacts"]))


def _stating(kind: type) -> Callable[[Mapping[str, Any]], Any]:
    """Return how a body with a statement in it is read."""
    return lambda found: kind(**{**found, "statement": _statement(found["statement"])})


BODIES: Final[dict[str, Callable[[Mapping[str, Any]], Any]]] = {
    **{
        kind.__name__: plainly(kind)
        for kind in (
            manual.ProposeBinding,
            manual.ConfirmBinding,
            manual.RejectBinding,
            manual.AgreeToBinding,
            phone_facts.BindingProposed,
            phone_facts.BindingConfirmed,
            phone_facts.ProposalRejected,
            phone_facts.HolderAgreed,
            phone_facts.SightingsStruck,
            passes.IssuePass,
            passes.ReplacePass,
            passes.PassRevoked,
            phoneless.RecordNoPhone,
            phoneless.RemoveNoPhone,
            phoneless.NoPhoneProposed,
            phoneless.NoPhoneRecorded,
            phoneless.NoPhoneRemoved,
            declarations.ReviewCorrection,
            declarations.AnswerQuestion,
            declarations.NoteProxy,
            said.CorrectionReviewed,
            said.QuestionAnswered,
            said.ProxyNoted,
            questions.QuestionRaised,
            questions.QuestionDropped,
            proxies.GiveConsent,
            proxies.WithdrawConsent,
            proxies.ConsentGiven,
            proxies.ConsentWithdrawn,
            referrals.AcknowledgeReferral,
            referrals.RecordContact,
            referrals.RecordPlacement,
            referrals.RecordFinding,
            referrals.CloseReferral,
            referred.ReferralEscalated,
            referred.ReferralAcknowledged,
            referred.PersonContacted,
            referred.PersonPlaced,
            referred.FindingRecorded,
            referred.ReferralClosed,
            appeals.OpenAppeal,
            appeals.ProposeUphold,
            appeals.ConfirmUphold,
            appeals.RejectAppeal,
            appealed.AppealOpened,
            appealed.UpholdProposed,
            appealed.AppealUpheld,
            appealed.AppealRejected,
            declarations.ConfirmCorrection,
            upheld.StrikeSightings,
            upheld.CorrectBinding,
            phone_facts.CaseStruck,
            phone_facts.BindingCorrected,
            erasure.ErasePerson,
            erasure.EraseAlso,
            erasure.ForgetPerson,
            erasure.NoteForgotten,
            erasure.ErasureProposed,
            erasure.ErasureRequested,
            erasure.PersonErased,
            erasure.PartForgotten,
            erasure.TextsErased,
            forgetting.BindingRestated,
        )
    },
    **{
        kind.__name__: _referring(kind)
        for kind in (
            referred.ReferralOpened,
            referred.CausesAdded,
            referred.CausesGone,
            referred.ReferralAddressed,
        )
    },
    "ColourWitnessed": _witnessed,
    "PassIssued": _pass_issued,
    "EraseTexts": lambda found: erasure.EraseTexts(tuple(found["texts"]), found["last"]),
    "HolderForgotten": _holder_forgotten,
    "Declare": _stating(declarations.Declare),
    "Declared": _stating(said.Declared),
}
"""By the schema's name, which is the class's."""
