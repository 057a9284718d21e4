"""Topics made while the broker, or somebody else, is at it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kafka.errors import TopicAlreadyExistsError

from streams.kafka import admin
from streams.kafka.errors import UnusableError
from streams.topics import Topic

if TYPE_CHECKING:
    from collections.abc import Sequence

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
