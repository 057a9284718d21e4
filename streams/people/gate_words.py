"""The next step at a gate in words, in Chinese and English: no place, no area, nobody's name (rule 12.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streams.people.evidence import Kind
    from streams.people.strictness import Decision


@dataclass(frozen=True, slots=True)
class Words:
    """One text in two languages."""

    zh: str
    en: str


Way: TypeAlias = "Kind | Literal['community_office']"
"""What else is accepted (rule 12.4): other evidence, or a worker of the community who knows the person."""

STEPS: Final[Mapping[Decision, Words]] = {
    "pass": Words("请通行。", "Let them through."),
    "register": Words("请登记，登记后放行。", "Register them, then let them through."),
    "ask": Words(
        "目前没有可用的信息，这不是拒绝。请改看下列任一凭证。",
        "Nothing usable is known, which is no refusal. Accept any of what is listed.",
    ),
    "hold": Words(
        "请在一旁等候，并通知社区工作人员。本人可以查看依据，也可以申诉。",
        "Ask them to wait aside and call the community's worker. They may see the grounds, and appeal.",
    ),
}

LEAD: Final = Words(
    "这只是尚未核实的线索，不得据此扣留。请改看下列任一凭证，并告知社区工作人员。",
    "This is a lead that nobody has checked: hold nobody for it. Accept any of what is listed, and tell the "
    "community's worker.",
)
"""In the place of `ask` where a lead is the cause (rules 10.3, 15.2)."""

WAYS: Final[Mapping[Way, Words]] = {
    "code": Words("本人手机上的通行码", "a live code on their own phone"),
    "paper_pass": Words("纸质通行证", "a paper pass"),
    "document": Words("身份证件", "an identity document"),
    "phone_and_digits": Words("手机号和证件后四位", "a phone number with the document's last four digits"),
    "community_office": Words("由社区工作人员确认", "a worker of the community who knows them"),
}
