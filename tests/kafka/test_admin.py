"""Topics made while the broker, or somebody else, is at it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from kafka.errors import GroupAuthorizationFailedError, NotCoordinatorError, TopicAlreadyExistsError
from kafka.structs import OffsetAndMetadata, TopicPartition

from streams.kafka import admin
from streams.kafka.errors import UnusableError
from streams.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from kafka.admin import NewTopic


class Lagging:
    """In place of an admin client of a broker that lists a topic only when it was asked some times more."""

    def __init__(self, there: Sequence[str], lag: int) -> None:
        self._there, self._lag, self._hidden = set(there), lag, set[str]()

    def made_by_somebody_else(self, name: str) -> None:
        self._hidden.add(name)

    def list_topics(self) -> list[str]:
        if self._hidden:
            self._lag -= 1
            if self._lag < 0:
                self._there |= self._hidden
        return sorted(self._there)

    def create_topics(self, several: Sequence[NewTopic]) -> None:
        taken = [one.name for one in several if one.name in self._there | self._hidden]
        self._hidden |= {one.name for one in several}
        if taken:
            raise TopicAlreadyExistsError(taken)


class Electing:
    """In place of an admin client of a broker that leads no group until it was asked some times."""

    def __init__(self, refusals: list[Exception], reached: int) -> None:
        self._refusals, self._reached = refusals, reached

    def connected(self, brokers: str) -> AbstractContextManager[Electing]:
        del brokers
        return nullcontext(self)

    def list_group_offsets(self, groups: Sequence[str]) -> dict[str, dict[TopicPartition, OffsetAndMetadata]]:
        if self._refusals:
            raise self._refusals.pop()
        place = OffsetAndMetadata(self._reached, "", -1)
        return {group: {TopicPartition("a", 0): place, TopicPartition("b", 0): place} for group in groups}


def topics(*names: str) -> list[Topic]:
    return [Topic(name, 1, {}) for name in names]


def test_topics_are_made_once_the_broker_lists_them() -> None:
    client, slept = Lagging(["a"], 3), list[float]()
    assert admin.create(client, topics("a", "b", "c"), 1, slept.append) == ["b", "c"]
    assert {"b", "c"} <= set(client.list_topics())
    assert slept


def test_a_topic_that_somebody_else_just_made_is_as_good() -> None:
    client = Lagging([], 2)
    client.made_by_somebody_else("a")
    assert admin.create(client, topics("a", "b"), 1, lambda _: None) == ["a", "b"]
    assert {"a", "b"} <= set(client.list_topics())


def test_a_broker_that_never_lists_what_it_took_is_named() -> None:
    with pytest.raises(UnusableError, match="took a and does not list"):
        admin.create(Lagging([], 10**6), topics("a"), 1, lambda _: None)


def test_a_broker_that_does_not_lead_the_group_yet_is_asked_again() -> None:
    client, slept = Electing([NotCoordinatorError(), NotCoordinatorError()], 7), list[float]()
    assert admin.group_offsets("b", "g", "a", client.connected, slept.append) == {0: 7}
    assert slept == [admin.PAUSE] * 2


def test_a_broker_that_never_leads_the_group_is_named() -> None:
    client = Electing([NotCoordinatorError() for _ in range(admin.LOOKS)], 7)
    with pytest.raises(UnusableError, match=r"nobody at b leads group 'g': .*NotCoordinator"):
        admin.group_offsets("b", "g", "a", client.connected, lambda _: None)


def test_a_refusal_that_stays_is_told_at_once() -> None:
    slept = list[float]()
    client = Electing([GroupAuthorizationFailedError()], 7)
    with pytest.raises(GroupAuthorizationFailedError):
        admin.group_offsets("b", "g", "a", client.connected, slept.append)
    assert not slept
