"""Units of SMPP read from whatever bytes come, and written as the protocol has them (rule 14.4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.people.sms.parts import MOST
from streams.smpp import pdus
from streams.smpp.pdus import HEADER, Command, Pdu, PduError, decoded, delivered, length_of


@given(st.binary(max_size=200))
def test_no_body_does_more_harm_than_being_refused(body: bytes) -> None:
    try:
        found = delivered(body)
    except PduError:
        return
    assert found is None or len(found.text) <= len(body)


@given(st.integers(0, 0x7FFF_FFFF), st.integers(0, 0xFFFF_FFFF), st.binary(max_size=99), st.booleans())
def test_a_unit_is_read_as_it_was_written(sequence: int, status: int, body: bytes, response: bool) -> None:  # noqa: FBT001 - drawn
    pdu = Pdu(Command.SUBMIT, sequence, body, status, response)
    written = pdu.encoded()
    header = written[: HEADER.size]
    assert length_of(header) == len(body)
    assert decoded(header, written[HEADER.size :]) == pdu


@given(st.text(st.characters(max_codepoint=0xFFFF, exclude_categories=["Cs"]), max_size=MOST))
def test_a_part_of_an_answer_fits_a_submission_and_is_read_back(text: str) -> None:
    unit = pdus.submit(1, "10086", "+8613800138000", text)
    # A submission and a delivery have the same fields.
    found = delivered(unit.body)
    assert found is not None
    assert (found.number, found.text) == ("10086", text)


@pytest.mark.parametrize("length", [0, 15, pdus.MOST + 1, 0xFFFF_FFFF])
def test_a_length_that_cannot_be_meant_is_refused(length: int) -> None:
    with pytest.raises(PduError, match="expected a unit of 16 to 65536 bytes"):
        length_of(HEADER.pack(length, 4, 0, 1))


def test_a_long_text_stands_in_its_own_field_and_a_reference_is_read() -> None:
    head = b"\0" + bytes((1, 1)) + b"8613800138000\0" + bytes((0, 0)) + b"10086\0"
    fixed = bytes((0, 0, 0)) + b"\0\0" + bytes((0, 0, 3, 0, 0))
    payload = "Y123X".encode("latin-1")
    options = b"\x04\x24" + len(payload).to_bytes(2, "big") + payload + b"\x02\x04\0\x02\x01\x02"
    found = delivered(head + fixed + options)
    assert found == pdus.Delivered("+8613800138000", "Y123X", 0x0102)
