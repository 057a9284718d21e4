"""The schemas are of the forms that the compiled code reads and writes; another is told at the start."""

from __future__ import annotations

import fastavro
import pytest

from streams.codecs import forms, schemas


def test_a_schema_of_another_form_is_told_at_the_start() -> None:
    changed = schemas.plain(
        {
            "type": "record",
            "name": "LocationEvent",
            "namespace": "io.shendeng",
            "fields": [{"name": "phone", "type": "bytes"}],
        }
    )
    with pytest.raises(RuntimeError, match=r"^LocationEvent\.avsc: streams/columns reads .*, found "):
        forms.check("LocationEvent", fastavro.parse_schema(changed))


@pytest.mark.parametrize("name", forms.FORMS)
def test_every_form_is_that_of_its_schema(name: str) -> None:
    assert forms.head_of(name) == schemas.load()[name].header
