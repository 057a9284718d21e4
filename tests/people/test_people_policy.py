"""Rules 11.3, 11.4, 12.2, 12.3 and 13.3: their thresholds come from a policy, each by its name there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from streams import codecs
from streams.domain.policy import Deployment, Policy, PolicyError
from streams.files.policy import policy_of, proposed_policy
from streams.files.unusable import UnusableError
from streams.people.codes.limits import Limits
from streams.people.declarations import Around
from streams.people.policy import DEFAULTS, NAMES, PeoplePolicy, divided, people_policy
from streams.people.strictness import GatePolicy

RULES = Path(__file__).parent.parent.parent / "docs" / "people-rules.md"
OTHER: dict[str, Any] = {
    "max_corrections": 2,
    "appeal_hours": 24,
    "max_dependants": 3,
    "signal_required": False,
    "gate_green": "register",
    "gate_yellow": "hold",
    "gate_unknown": "register",
    "gate_red": "hold",
    "live_minutes": 10,
    "paper_hours": 48,
    "clock_leeway": 60,
    "revocations_max_age": 3600,
    "itinerary_minutes": 120,
    "ack_hours": 8,
}


def test_the_defaults_are_those_of_the_rules_and_of_what_they_are_handed_to() -> None:
    around = Around(lambda _, __: (), 8)
    assert (DEFAULTS.max_corrections, DEFAULTS.appeal_hours) == (around.max_corrections, around.appeal_hours)
    assert (DEFAULTS.limits(), DEFAULTS.gate()) == (Limits(), GatePolicy())
    text = RULES.read_text(encoding="utf-8")
    for name in ("max_corrections", "max_dependants", "live_minutes", "paper_hours", "ack_hours"):
        assert f"`{name}` ({getattr(DEFAULTS, name)})" in text
    assert f"`itinerary_minutes` ({DEFAULTS.itinerary_minutes}," in text
    assert f"`appeal_hours`, {DEFAULTS.appeal_hours})" in text


def test_every_threshold_can_be_another_and_comes_back_from_the_topic() -> None:
    assert set(OTHER) == set(NAMES)
    whole = people_policy(OTHER, 7)
    assert all(getattr(whole, name) == value for name, value in OTHER.items())
    value = codecs.encode_policy(7, Policy().thresholds() | whole.thresholds())
    version, thresholds = codecs.decode_policy(value)
    of_colours, of_people = divided(thresholds)
    assert people_policy(of_people, version) == whole
    assert of_colours == Policy().thresholds()


def test_a_policy_of_colours_alone_leaves_people_the_defaults() -> None:
    assert people_policy(divided(Policy().thresholds())[1], 3) == PeoplePolicy(3)


@pytest.mark.parametrize(
    ("thresholds", "told"),
    [
        ({"ack_hour": 1}, "unknown policy key 'ack_hour'; the nearest known one is 'ack_hours'"),
        ({"stay_minuts": 1}, "unknown policy key 'stay_minuts'; the nearest known one is 'stay_minutes'"),
        ({"appeal_hours": -1}, "appeal_hours: expected a whole number of 0 to 1000000000, found -1"),
        ({"max_dependants": True}, "max_dependants: expected a whole number of 0 to 1000000000, found True"),
        ({"paper_hours": 73}, "paper_hours: expected at most 72 (rule 13.2), found 73"),
        ({"live_minutes": 0}, "live_minutes: expected 1 or more and less than paper_hours, found 0"),
        ({"gate_green": "hold"}, "gate_green: expected register at most, found hold"),
        ({"gate_red": "pass"}, "gate_red: expected register or stricter, as for yellow"),
        ({"gate_red": "arrest"}, "gate_red: expected one of pass, ask, register, hold, found 'arrest'"),
        ({"gate_red": 3}, "gate_red: expected text, found 3"),
        ({"signal_required": 2}, "signal_required: expected true or false, found 2"),
        ({"signal_required": "no"}, "signal_required: expected true or false, found 'no'"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused_with_its_name(thresholds: dict[str, Any], told: str) -> None:
    with pytest.raises(PolicyError) as error:
        people_policy(divided(thresholds)[1], 1)
    assert str(error.value) == told


def test_one_file_holds_both_and_replay_reads_the_colours_alone(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('version = 4\nstay_minutes = 300\nsignal_required = false\ngate_yellow = "hold"\n')
    found, people = proposed_policy(str(file), Policy(), Deployment())
    assert found == policy_of(str(file), Deployment()) == Policy(4, stay_minutes=300)
    assert people == PeoplePolicy(4, signal_required=False, gate_yellow="hold")
    file.write_text("version = 4\npaper_hours = 100\n")
    for read in (
        lambda: proposed_policy(str(file), Policy(), Deployment()),
        lambda: policy_of(str(file), Deployment()),
    ):
        with pytest.raises(UnusableError, match="paper_hours: expected at most 72"):
            read()
