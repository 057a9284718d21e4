"""The deployment's topics of people, as these commands read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.agents.people_topics import Topics
from streams.cli._ending import in_operation
from streams.kafka.wire import wire_of
from streams.topics import Names

if TYPE_CHECKING:
    from streams.settings import Settings

WRITER: Final = "appeals"
"""Whose chain of look-ups it is."""


def opened() -> tuple[Settings, Topics]:
    """Return the settings and what reads the topics."""
    settings, brokers = in_operation()
    return settings, Topics(brokers, Names(settings.topic_prefix), wire_of(settings))
