"""What a person can contest as it stands: reasons, contradictions, bindings by hand (rule 16.1)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from streams.people.appealed import Matter
from streams.people.commands import Denied

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.domain.records import Reason
    from streams.people.appealed import Opener
    from streams.people.appeals import OpenAppeal
    from streams.people.vouched import PersonPhone


def matters(
    reasons: Iterable[Reason], asked: Iterable[tuple[str, str]], phones: Iterable[PersonPhone]
) -> frozenset[Matter]:
    """Return what stands of a person that an appeal can be against.

    `asked` are the open questions of `CONTRADICTED` by code and area, `phones` what phones say of them. One
    that was bound by hand is contested until the person has said that it is theirs, and by its reasons then.
    """
    found = {Matter("reason", one.code, one.area or "") for one in reasons}
    found |= {Matter("contradiction", code, area) for code, area in asked}
    found |= {
        Matter("binding", phone=one.phone.hex()) for one in phones if one.held is not None and one.held.lead
    }
    return frozenset(found)


def meant(named: Matter, standing: frozenset[Matter]) -> list[Matter]:
    """Return what of what stands somebody contests: without area and phone every one of its kind.

    A proxy may name neither, for they see no visit (rule 11.4).
    """
    if named.area or named.phone:
        return [named] if named in standing else []
    found = (one for one in standing if replace(one, area="", phone="") == named)
    return sorted(found, key=lambda one: (one.area, one.phone))


def for_no_proxy(by: Opener, body: OpenAppeal) -> Denied | None:
    """Refuse a proxy who names a place or a phone, before what stands is looked at: they see none (11.4)."""
    if by != "proxy" or not (body.area or body.phone):
        return None
    return Denied("not_for_a_proxy", "a proxy sees no visit: contest every reason of the code, without area")
