"""A paper pass is a page that prints in grey, reads back with a camera and names nobody (rule 13.2)."""

from __future__ import annotations

from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from reportlab.pdfbase.ttfonts import TTFont

from streams.files.paper import FONT, PRINTED, WORDS, Remark, number_of, paper_pass
from streams.people.codes.claims import Colour
from streams.people.codes.text import text_of
from tests.people.codes.issuing import CODE, DIGITS, OURS, PASS, checked

SHANGHAI = ZoneInfo("Asia/Shanghai")


def printed(colour: Colour, *remarks: Remark) -> bytes:
    code = replace(PASS, colour=colour)
    return paper_pass(code, text_of(code, OURS), remarks, SHANGHAI)


@pytest.mark.parametrize("colour", list(Colour))
def test_a_printed_pass_reads_back_with_a_camera_at_the_resolution_of_an_old_printer(colour: Colour) -> None:
    page = pypdfium2.PdfDocument(printed(colour))[0]
    grey = page.render(scale=150 / 72, grayscale=True).to_pil()
    [found] = zxingcpp.read_barcodes(grey)
    verdict = checked(found.text)
    assert verdict.refused is None
    assert verdict.code == replace(PASS, colour=colour)


def test_a_pass_is_one_page_of_a6_with_word_times_and_room_for_a_name() -> None:
    document = pypdfium2.PdfDocument(printed(Colour.YELLOW, Remark.NO_PHONE))
    [page] = list(document)
    assert [round(side / 72 * 25.4) for side in page.get_size()] == [105, 148]
    said = page.get_textpage().get_text_range()
    for words in (
        WORDS[Colour.YELLOW],
        "有效期至 6月1日 04:25",
        "姓名",
        "备注",
        Remark.NO_PHONE,
        "0001 0203",
    ):
        assert words in said
    assert Remark.PROXY not in said


def test_a_pass_prints_no_digits_of_a_document_and_no_whole_id() -> None:
    data = printed(Colour.GREEN, Remark.NO_PHONE, Remark.PROXY)
    said = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    for secret in (DIGITS, PASS.pass_id.hex(), PASS.pass_id[4:].hex(), f" {PASS.check}"):
        assert secret not in said
        assert secret.encode() not in data
    assert number_of(PASS.pass_id) == "0001 0203"


def test_the_same_pass_is_the_same_bytes_and_carries_its_font() -> None:
    data = printed(Colour.RED)
    assert data == printed(Colour.RED)
    assert b"/FontFile2" in data
    assert len(data) < 40_000


def test_the_font_has_every_character_that_a_pass_may_have() -> None:
    font = files("streams.files").joinpath("fonts", f"{FONT}.ttf").read_bytes()
    known = TTFont("any", BytesIO(font)).face.charToGlyph
    assert [character for character in sorted(PRINTED) if ord(character) not in known] == []


def test_a_live_code_is_not_printed() -> None:  # rule 13.4
    with pytest.raises(ValueError, match="expected a code of kind paper, found live"):
        paper_pass(CODE, text_of(CODE, OURS), (), SHANGHAI)
