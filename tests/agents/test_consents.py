"""Erasure among a partition's proxies, as its desk carries it out (rules 11.4, 19.2)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NoReturn

import pytest

from streams.agents.declaring import Consents
from streams.agents.scenery import Scenery
from streams.kafka.engine import Engine
from streams.metrics import Metrics
from streams.people.actors import Actor, Role
from streams.people.commands import Command
from streams.people.erasure import SYSTEM, ForgetPerson
from streams.people.proxies import PREFIX, GiveConsent, WithdrawConsent
from streams.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.kafka.transactions import Output

NOW: Final = 1_600_000_000_000
METRICS: Final = Metrics()
PROXIES: Final = [f"{PREFIX}{number:032x}" for number in range(1, 6)]
LI, CHEN = "ab" * 16, "cd" * 16


class Unwalked(dict[str, Any]):
    """Nobody goes through all of it: there are as many as people in the partition."""

    def __iter__(self) -> NoReturn:
        raise AssertionError("walked")

    items = keys = values = __iter__


def consents() -> Consents:
    engine = Engine(None, Settings(partitions=1), "", METRICS, lambda: NOW // 1000, lambda: 0)
    found = Consents(engine, 0, Scenery(engine.names, engine.settings))
    found.known = Unwalked()
    return found


def do(some: Consents, name: str, proxy: str, body: Any) -> list[Output]:
    found = some.decide(Command(name, proxy, Actor(body.person, Role.RESIDENT), NOW, body))
    assert isinstance(found, list)
    return found


def stand(some: Consents) -> list[Output]:
    """Let two proxies act for Li, one of them for Chen too, and one have acted for Li once."""
    return [
        *do(some, "c-1", PROXIES[0], GiveConsent(LI)),
        *do(some, "c-2", PROXIES[1], GiveConsent(CHEN)),
        *do(some, "c-3", PROXIES[1], GiveConsent(LI)),
        *do(some, "c-4", PROXIES[2], GiveConsent(LI)),
        *do(some, "c-5", PROXIES[2], WithdrawConsent(LI)),
        *do(some, "c-6", PROXIES[3], GiveConsent(CHEN)),
    ]


def erased(some: Consents, person: str) -> Iterator[str]:
    """Yield the keys of the tombstones that the erasure of somebody leads to."""
    outputs = some.after(Command("e", person, SYSTEM, NOW, ForgetPerson(NOW)))
    return (one.key.decode() for one in outputs if one.value is None and one.key is not None)


FORGOTTEN: Final = [f"{PROXIES[0]}/1", f"{PROXIES[1]}/2", f"{PROXIES[2]}/1", f"{PROXIES[2]}/2"]


@pytest.mark.parametrize("anew", [False, True])
def test_whom_proxies_named_is_forgotten_by_an_index_and_nobody_else_is(*, anew: bool) -> None:
    some = consents()
    outputs = stand(some)
    if anew:
        some = consents()
        for one in outputs:
            if one.topic == some.topic:
                some.remember(some.topic, SimpleNamespace(key=one.key, value=one.value), settled=True)
    assert list(erased(some, LI)) == FORGOTTEN
    assert list(erased(some, LI)) == []
    assert list(erased(some, CHEN)) == [f"{PROXIES[1]}/1", f"{PROXIES[3]}/1"]
    assert not some.known


def test_a_proxy_who_is_erased_is_indexed_no_more_and_whoever_comes_again_is() -> None:
    some = consents()
    stand(some)
    assert list(erased(some, PROXIES[1].removeprefix(PREFIX))) == [f"{PROXIES[1]}/1", f"{PROXIES[1]}/2"]
    assert list(erased(some, LI)) == [FORGOTTEN[0], *FORGOTTEN[2:]]
    do(some, "c-7", PROXIES[1], GiveConsent(LI))
    assert list(erased(some, LI)) == [f"{PROXIES[1]}/1"]
