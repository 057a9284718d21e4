"""A preview's token fits one proposal while what is in force stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from streams.agents.proposal import Proposal, areas_proposed
from streams.agents.published import InForce
from streams.domain.policy import Policy
from streams.domain.records import AreaVersion
from streams.files.members import Members
from streams.files.proposed import Proposed
from streams.files.unusable import UnusableError
from streams.people.policy import PeoplePolicy

RING: Final = ((121.1, 28.4), (121.3, 28.4), (121.3, 28.6), (121.1, 28.4))
MARKET: Final = AreaVersion("market", 2, ((RING,),), 0)
PORT: Final = AreaVersion("port", 1, ((RING,),), 0)
STANDING: Final = InForce({"market": replace(MARKET, version=1), "port": PORT}, Policy(version=3))
PROPOSED: Final = Proposal(STANDING, (MARKET,))


def test_the_token_is_the_same_for_the_same_proposal_over_the_same_versions() -> None:
    again = InForce({"port": PORT, "market": STANDING.areas["market"]}, Policy(version=3))
    assert Proposal(again, (replace(MARKET),), doubts=("a doubt",)).token() == PROPOSED.token()
    assert len(PROPOSED.token()) == 16


def test_the_token_is_another_when_anything_proposed_is_another() -> None:
    others = [
        Proposal(STANDING, ()),
        Proposal(STANDING, (replace(MARKET, version=3),)),
        Proposal(STANDING, (replace(MARKET, fringe_rings=2),)),
        Proposal(STANDING, (replace(MARKET, geometry=((RING[::-1],),)),)),
        Proposal(STANDING, (replace(MARKET, withdrawn=True),)),
        Proposal(STANDING, (replace(MARKET, name="Market"),)),
        Proposal(STANDING, (MARKET, replace(PORT, version=2))),
        Proposal(STANDING, (), Policy(version=4)),
        Proposal(STANDING, (), Policy(version=4, stay_minutes=30)),
        Proposal(STANDING, (), Policy(version=4), PeoplePolicy(4, max_corrections=2)),
        Proposal(STANDING, (), Policy(version=4, jurisdiction=((RING,),))),
    ]
    assert len({PROPOSED.token(), *(other.token() for other in others)}) == len(others) + 1


def test_the_token_is_another_when_anything_else_has_come_into_force() -> None:
    market, port = STANDING.areas["market"], STANDING.areas["port"]
    others = [
        InForce({"market": market}, Policy(version=3)),
        InForce({"market": market, "port": port}, Policy(version=4)),
        InForce({"market": market, "port": replace(port, version=2)}, Policy(version=3)),
        InForce({"market": market, "port": port, "farm": replace(port, id="farm")}, Policy(version=3)),
    ]
    tokens = {PROPOSED.token(), *(Proposal(other, (MARKET,)).token() for other in others)}
    assert len(tokens) == len(others) + 1


def test_an_outline_too_long_for_kafka_is_refused_before_it_is_sent() -> None:
    step = 0.2 / 60_000
    long = (*((121.1 + i * step, 28.4 + i % 2 * 1e-6) for i in range(60_000)), (121.2, 28.6), (121.1, 28.4))
    proposed = Proposed(replace(MARKET, geometry=((long,),)), Members({}, "areas.geojson", "feature 1"))
    with pytest.raises(UnusableError, match=r"feature 1: area 'market': its outline takes .* simplify it"):
        areas_proposed([proposed], STANDING, None, Policy())
