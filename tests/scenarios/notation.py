"""The words of the scenarios (README.md): times, phones, sightings, thresholds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from h3.api import basic_int as h3

from streams.domain.towers import Tower
from tests.scenarios.places import UnreadableError, cell, geometry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.domain.policy import Policy

DAY: Final = 86_400
DAY_ZERO: Final = 1_582_934_400
"""2020-02-29T00:00:00Z: day 1 is 2020-03-01, and all times of the scenarios are UTC."""

_TIME: Final = re.compile(r"day (\d+) (\d\d):(\d\d)(?::(\d\d))?")
_UNITS: Final = {"min": 60, "h": 3600, "d": DAY}


def seconds(text: str) -> int:
    """Read `day 3 08:15` or `day 3 08:15:30`."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise UnreadableError(f"expected a time as 'day 3 08:15', found {text!r}")
    day, hour, minute, second = (int(part or 0) for part in found.groups())
    return DAY_ZERO + day * DAY + hour * 3600 + minute * 60 + second


def time_text(instant: int | None) -> str | None:
    if instant is None:
        return None
    day, second = divmod(instant - DAY_ZERO, DAY)
    text = f"day {day} {second // 3600:02}:{second // 60 % 60:02}"
    return f"{text}:{second % 60:02}" if second % 60 else text


def phone(name: str) -> bytes:
    """Read a pseudonym: `a` has key epoch 1, `a.2` is the same phone's in epoch 2 (rule 6.7)."""
    found = re.fullmatch(r"([^ .]{1,5})(?:\.(\d))?", name)
    if found is None:
        raise UnreadableError(f"expected a phone as 'a' or 'a.2', found {name!r}")
    return bytes([int(found[2] or 1)]) + found[1].encode().ljust(15, b"\0")


def phone_name(pseudonym: bytes) -> str:
    name = pseudonym[1:].rstrip(b"\0").decode()
    return name if pseudonym[0] == 1 else f"{name}.{pseudonym[0]}"


def thresholds(named: Mapping[str, Any]) -> dict[str, Any]:
    """Read a policy's thresholds; a jurisdiction is a shape."""
    found = dict(named)
    if found.get("jurisdiction") is not None:
        found["jurisdiction"] = geometry(found["jurisdiction"])
    return found


class Seen(NamedTuple):
    second: int
    phone: bytes
    cell: int
    coarse: bool


_ROW: Final = re.compile(
    r"(?P<phone>\S+) (?P<when>day .*?\d\d:\d\d(?::\d\d)?)(?: every (?P<every>\d+)(?P<unit>min|h|d))?"
    r" (?P<place>[^:]+?)(?P<coarse> coarse| by a tower of (?P<range>\d+|unknown) m)?"
)


def sightings(row: str, policy: Policy) -> Iterator[Seen]:
    """Read `a day 1 08:00-12:00 and 13:00 middle`: a sighting in every slot of a range, and one more."""
    found = _ROW.fullmatch(row)
    if found is None:
        raise UnreadableError(f"expected a sighting as 'a day 1 08:00-12:00 middle', found {row!r}")
    place = cell(found["place"])
    coarse = found["coarse"] is not None
    if found["range"] is not None:
        latitude, longitude = h3.cell_to_latlng(place)
        range_m = None if found["range"] == "unknown" else float(found["range"])
        place, coarse = Tower("1-1-1-1", longitude, latitude, range_m).placed(
            policy.resolution, policy.coarse_range_m
        )
    step = policy.slot_minutes * 60
    if found["every"] is not None:
        step = int(found["every"]) * _UNITS[found["unit"]]
    for second in _instants(found["when"], step):
        yield Seen(second, phone(found["phone"]), place, coarse)


def _instants(when: str, step: int) -> Iterator[int]:
    day = ""
    for part in when.split(" and "):
        begin, _, end = part.partition("-")
        first = _dated(begin, day)
        last = _dated(end, first.rpartition(" ")[0]) if end else first
        day = last.rpartition(" ")[0]
        if seconds(last) < seconds(first):
            raise UnreadableError(f"expected times in order, found {when!r}")
        yield from range(seconds(first), seconds(last) + 1, step)


def _dated(time: str, day: str) -> str:
    return time if time.startswith("day ") else f"{day} {time}"
