"""Texts of a partition's phones answered; the cities are their diaries' to name (rule 14).

Which text led to what is not kept: dialogues and tries are the texts of the last hour, told again.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

from streams import codecs
from streams.agents.ahead import Ahead
from streams.kafka.journal import MILLISECONDS
from streams.kafka.transactions import Output
from streams.people.actors import Actor, Role
from streams.people.audit.lookups import Kind, LookUp, Subject
from streams.people.commands import Command, Refused
from streams.people.sms import wording
from streams.people.sms.dialogue import DIALOGUE, HOUR, NOBODY, Look, Say, heard
from streams.people.sms.grammar import GRAMMARS
from streams.people.sms.holding import fits
from streams.people.sms.itinerary import ItineraryRequest
from streams.people.sms.said import SmsOutbound

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streams.kafka.engine import Engine
    from streams.kafka.lookups import Chain
    from streams.people.phones import Phone
    from streams.people.sms.dialogue import Asker, Move
    from streams.people.sms.said import Language, SmsInbound

PURPOSE: Final = "itinerary by SMS"
NO_MATCH: Final = "no_match"
"""What the audit says of a try whose digits do not fit, whoever's phone it is."""
TOLD_AGAIN: Final = 2 * HOUR
"""Seconds for which texts are told again: nothing is left of older ones, whosever clock is a little off."""
SWEEP: Final = 60
"""Seconds between two looks for what is over."""


class Texts:
    """The dialogues of a partition, and the itineraries that its phones wait for.

    `phone_of` gives what is known of a phone by its pseudonym in hex, `minutes` the shortest visit that
    counts.
    """

    wishes: frozenset[type] = frozenset()
    watched: tuple[str, ...] = ()

    def __init__(
        self, engine: Engine, partition: int, phone_of: Callable[[str], Phone], minutes: Callable[[], int]
    ) -> None:
        names, self._engine = engine.names, engine
        self._partition, self._partitions = partition, engine.settings.partitions
        self._wire, self._phone_of, self._minutes = engine.wire, phone_of, minutes
        self._inbound, self._outbound, self._requests = (
            names.sms_inbound,
            names.sms_outbound,
            names.itinerary_requests,
        )
        self.facts: tuple[str, ...] = (self._requests,)
        self._bindings = names.identity_bindings
        self.heard: tuple[str, ...] = (self._inbound, names.itineraries, self._bindings)
        self._ahead = Ahead(engine.settings.max_skew, engine.settings.sunset_at)
        self._askers: dict[bytes, Asker] = {}
        self._waiting: dict[str, tuple[bytes, ItineraryRequest]] = {}
        """By request: the phone that waits, and what it asked."""
        self._chain: Chain | None = None
        self._swept = 0

    def go_on(self, chain: Chain) -> None:
        """Go on with the partition's chain of look-ups: each try is one (rule 17.1)."""
        self._chain = chain

    def remember(self, topic: str, record: Any, *, settled: bool) -> None:
        """Take a request, and of what was decided on before: a text, an itinerary."""
        if topic == self._requests:
            request = codecs.decode_itinerary_request(self._wire.read(record.value))
            self._waiting[request.id] = record.key, request
        elif settled is not (topic == self._bindings):
            # What cannot be read is a dead letter when it is heard.
            with suppress(codecs.CodecError):
                self._take(topic, record, self._wire.read(record.value))

    def _take(self, topic: str, record: Any, value: bytes | None) -> None:
        """Take a binding that will be heard later, or an itinerary or a text that was."""
        if topic == self._bindings:
            self._ahead.note(record, value)
        elif topic != self._inbound:
            self._waiting.pop(codecs.decode_itinerary(value).request, None)
        elif record.timestamp // MILLISECONDS > self._engine.now() - TOLD_AGAIN:
            self._said(record, value)

    def hear(self, topic: str, record: Any) -> Sequence[Output]:
        """Return what a text or an itinerary leads to; bindings lead to nothing here."""
        if topic == self._bindings:
            self._ahead.heard(record)
            return ()
        self._sweep(record.timestamp // MILLISECONDS)
        value = self._wire.read(record.value)
        return self._answered(record, value) if topic == self._inbound else self._told(record, value)

    def decide(self, command: Command[Any]) -> Sequence[Output] | Refused:
        """Return the refusal of a command: none is for texts."""
        return Refused("no_command", f"expected a text on {self._inbound}, not {type(command.body).__name__}")

    def after(self, _command: Command[Any]) -> Sequence[Output]:
        """Return what follows of a command that any kind has decided: nothing."""
        return ()

    def _said(self, record: Any, value: bytes | None) -> tuple[SmsInbound, Move]:
        """Let a text change its phone's dialogue; return it and what is to be done."""
        phone: bytes = record.key or b""
        sms = codecs.decode_sms_inbound(value)
        if codecs.PSEUDONYM.fullmatch(phone.hex()) is None:
            raise codecs.CodecError("bad_key")
        if codecs.partitions_of([phone], self._partitions)[0] != self._partition:
            raise codecs.CodecError("bad_key")
        before = self._askers.get(phone, NOBODY)
        self._askers[phone], move = heard(
            before, GRAMMARS[sms.carrier], sms, record.timestamp // MILLISECONDS
        )
        return sms, move

    def _answered(self, record: Any, value: bytes | None) -> Sequence[Output]:
        sms, move = self._said(record, value)
        match move:
            case Say(word, language):
                return [self._out(record.key, sms.message, sms.carrier, wording.said(word, language), record)]
            case Look():
                return self._looked(record, sms, move)
            case _:
                return ()

    def _looked(self, record: Any, sms: SmsInbound, look: Look) -> Sequence[Output]:
        """Ask the diary where the digits fit; else refuse, whatever the reason (rule 14.2)."""
        at = record.timestamp // MILLISECONDS
        phone = self._ahead.upon(record.key, self._phone_of(record.key.hex()))
        if not fits(phone, look.check, at):
            answer = wording.refused(look.language)
            return [
                self._out(record.key, sms.message, sms.carrier, answer, record),
                *self._audited(record, sms.carrier, denied=NO_MATCH),
            ]
        request = ItineraryRequest(
            id=f"{self._partition}-{record.offset}",
            message=sms.message,
            carrier=sms.carrier,
            language=look.language,
            minutes=self._minutes(),
            at=at,
        )
        self._waiting[request.id] = record.key, request
        value = codecs.encode_itinerary_request(request)
        return [Output(self._requests, record.key, value, self._partition)]

    def _told(self, record: Any, value: bytes | None) -> Sequence[Output]:
        """Answer whoever waits for an itinerary; nobody does for one that comes again or too late."""
        itinerary = codecs.decode_itinerary(value)
        phone, request = self._waiting.pop(itinerary.request, (b"", None))
        if request is None or record.timestamp // MILLISECONDS >= request.at + DIALOGUE:
            return ()
        answer = wording.told(itinerary, cast("Language", request.language))
        shown = "no boundaries" if itinerary.cities is None else f"{len(itinerary.cities)} cities"
        return [
            self._out(phone, request.message, request.carrier, answer, record),
            *self._audited(record, request.carrier, phone=phone, shown=(shown,)),
        ]

    def _out(self, phone: bytes, message: str, carrier: str, parts: tuple[str, ...], record: Any) -> Output:
        until = record.timestamp // MILLISECONDS + DIALOGUE
        value = codecs.encode_sms_outbound(SmsOutbound(message, carrier, parts, until))
        return Output(self._outbound, phone, value, self._partition)

    def _audited(
        self,
        record: Any,
        carrier: str,
        *,
        phone: bytes | None = None,
        shown: tuple[str, ...] = (),
        denied: str | None = None,
    ) -> Sequence[Output]:
        assert self._chain is not None  # noqa: S101 - the desk went on with it before anything was heard
        who, subject = Actor(f"sms-{carrier}", Role.RESIDENT), Subject(Kind.PHONE, phone or record.key)
        return self._chain.longer(LookUp(who, subject, PURPOSE, record.timestamp, shown, denied=denied))

    def _sweep(self, time: int) -> None:
        """Forget, once in a while, the phones and the requests of which nothing is left."""
        if time < self._swept + SWEEP:
            return
        self._swept = time
        self._askers = {phone: one for phone, one in self._askers.items() if one.forgotten() > time}
        waiting = self._waiting.items()
        self._waiting = {id_: one for id_, one in waiting if one[1].at + DIALOGUE > time}
