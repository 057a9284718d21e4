"""What is written without dicts between is what fastavro writes of them; what is no value is refused."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams import codecs
from streams.codecs import schemas
from streams.codecs.writing import write
from streams.people.combined import Source
from streams.people.person_colour import PersonColour
from streams.people.said import QuestionAnswered
from streams.people.vouched import HeldPhone, KeptReason, PersonPhone
from tests.codecs import people_values as values
from tests.people import persons
from tests.properties.seeds import HISTORIES, patient

longs = st.integers(-(1 << 63), (1 << 63) - 1) | st.integers(-130, 130)
ints = st.integers(-(1 << 31), (1 << 31) - 1) | longs
names = st.binary(min_size=16, max_size=16)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
sources = st.builds(
    Source, texts, texts, persons.reasons, st.none() | longs, st.booleans(), st.none() | texts
)
colours = st.builds(PersonColour, names, longs, st.none() | texts, texts, st.tuples(sources), longs)
kept = st.builds(KeptReason, persons.accusing, longs, st.booleans())
held = st.builds(HeldPhone, longs, st.none() | longs, persons.reasons, st.none() | longs, st.booleans())
phones = st.builds(
    PersonPhone, names, names, st.none() | held, st.lists(kept, max_size=3).map(tuple), st.none() | ints
)


def by_fastavro(value: Any) -> bytes:
    return schemas.encode(type(value).__name__, plain(value))


def plain(value: Any) -> Any:
    if is_dataclass(value):
        return {each.name.rstrip("_"): plain(getattr(value, each.name)) for each in fields(value)}
    return [plain(one) for one in value] if isinstance(value, tuple) else value


@pytest.mark.parametrize(
    "body", [*values.BODIES, values.BINDING, values.RESIDENT], ids=lambda one: str(type(one))
)
def test_every_body_is_written_as_fastavro_writes_it(body: Any) -> None:
    assert write(body) == by_fastavro(body)


@settings(patient, max_examples=max(HISTORIES // 4, 1))
@given(colours | phones)
def test_whatever_is_told_of_a_person_is_written_as_fastavro_writes_it(told: Any) -> None:
    """Refused is what it refuses: an int has 32 bits, a long 64."""
    try:
        expected = by_fastavro(told)
    except ValueError:
        with pytest.raises(OverflowError):
            write(told)
    else:
        assert write(told) == expected


def test_commands_and_facts_are_written_as_fastavro_writes_them() -> None:
    one, other = values.COMMAND, values.FACT
    actor = plain(one.actor)
    command = {"id": one.id, "aggregate": one.aggregate, "expected": one.expected}
    stamp = {"actor": actor, "at": one.at, "body": by_fastavro(one.body)}
    assert codecs.encode_command(one) == schemas.encode("Command", command | stamp)
    fact = {"aggregate": other.aggregate, "version": other.version, "command": other.command}
    stamp = {"actor": actor, "at": other.at, "body": by_fastavro(other.body)}
    assert codecs.encode_recorded(other) == schemas.encode("Recorded", fact | stamp)


@pytest.mark.parametrize(
    "changed",
    [
        {"sequence": 1 << 63},
        {"sequence": -(1 << 63) - 1},
        {"sequence": None},
        {"person": bytes(15)},
        {"colour": None},
        {"colour": b"red"},
        {"colour": "\ud800"},
        {"sources": None},
        {"sources": (values.STAY,)},
    ],
)
def test_what_is_no_value_of_its_schema_is_an_error(changed: dict[str, Any]) -> None:
    with pytest.raises((OverflowError, TypeError, ValueError, AttributeError)):
        write(replace(values.PERSON_COLOUR, **changed))


def test_a_text_is_as_long_as_its_bytes() -> None:
    assert write(QuestionAnswered("STAYED", "市场", "兄弟", "self")).endswith("\x0c兄弟\x08self".encode())


@dataclass(frozen=True)
class Policy:
    """Of the name of a record that holds a form no dataclass here has."""


def test_a_form_that_is_not_written_here_is_told() -> None:
    with pytest.raises(RuntimeError, match=r"^expected a form that .*writes, found "):
        write(Policy())
