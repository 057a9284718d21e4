"""A paper pass as a PDF of A6: large type, room for a name and remarks, the QR in vector (rule 13.2).

It says in words and in shapes what it says in colour, so that it can be read in grey, and prints nothing of
its holder: the name is written by hand beside the document.
"""

from __future__ import annotations

import io
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A6
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from streams.people.codes.claims import Colour, Kind
from streams.people.codes.qr import qr_of

if TYPE_CHECKING:
    from datetime import tzinfo

    from streams.people.codes.claims import Code

WIDTH, HEIGHT = A6
MARGIN: Final = 6 * mm
FONT: Final = "NotoSansSC-Pass"
QUIET: Final = 4
"""Empty modules around a QR (ISO 18004)."""
QR_SIDE: Final = 66 * mm
BAND: Final = 24 * mm


class Remark(StrEnum):
    """What a pass may say of its holder in print; anything else is written by hand."""

    NO_PHONE = "持证人没有手机，本证与手机上的码同等有效。"
    PROXY = "由代办人代为领取。"


TITLE: Final = "纸质通行证"
WORDS: Final = {Colour.GREEN: "绿色", Colour.YELLOW: "黄色", Colour.RED: "红色", Colour.UNKNOWN: "未知"}
INKS: Final = {
    Colour.GREEN: HexColor("#7CCB8F"),
    Colour.YELLOW: HexColor("#FFD84D"),
    Colour.RED: HexColor("#F2827A"),
    Colour.UNKNOWN: white,
}
"""Light enough for black type on them, on paper as well."""
UNTIL, ISSUED, NUMBER, NAME, REMARKS = "有效期至", "签发时间", "编号", "姓名", "备注"
FOOT: Final = (
    "请与身份证件一并出示。变为黄色或红色时本证作废。",
    "码内没有姓名、号码和行踪。丢失请到社区注销并补办。",
)
ASCII: Final = "".join(map(chr, range(0x20, 0x7F)))
PRINTED: Final = "".join(
    {
        *ASCII,
        *TITLE,
        *"年月日",
        *UNTIL,
        *ISSUED,
        *NUMBER,
        *NAME,
        *REMARKS,
        *"".join(FOOT),
        *"".join(WORDS.values()),
        *"".join(Remark),
    }
)
"""Every character that a pass may have: what the font beside this file was cut to."""


def paper_pass(code: Code, text: str, remarks: tuple[Remark, ...], zone: tzinfo) -> bytes:
    """Return the PDF of a pass: `text` is the code signed, `zone` where its holder's clocks are.

    The same arguments give the same bytes. ValueError where the code is none of paper.
    """
    if code.kind is not Kind.PAPER:
        raise ValueError(f"expected a code of kind paper, found {code.kind}")
    _register()
    out = io.BytesIO()
    page = Canvas(out, pagesize=A6, invariant=1, lang="zh-CN")
    page.setTitle(TITLE)
    _band(page, code.colour)
    _times(page, code, zone)
    _qr(page, text)
    _blanks(page, remarks)
    page.showPage()
    page.save()
    return out.getvalue()


def _register() -> None:
    if FONT not in pdfmetrics.getRegisteredFontNames():
        font = files("streams.files").joinpath("fonts", f"{FONT}.ttf").read_bytes()
        pdfmetrics.registerFont(TTFont(FONT, io.BytesIO(font)))


def _band(page: Canvas, colour: Colour) -> None:
    """Draw the colour: its ink, its word and its shape."""
    bottom = HEIGHT - MARGIN - BAND
    page.setFillColor(INKS[colour])
    page.setStrokeColor(black)
    page.setLineWidth(1.2)
    page.rect(MARGIN, bottom, WIDTH - 2 * MARGIN, BAND, fill=1)
    page.setFillColor(black)
    page.setFont(FONT, 14)
    page.drawString(MARGIN + 4 * mm, bottom + BAND - 8 * mm, TITLE)
    page.setFont(FONT, 44)
    page.drawRightString(WIDTH - MARGIN - 4 * mm, bottom + 6.5 * mm, WORDS[colour])
    _shape(page, colour, MARGIN + 11 * mm, bottom + 8 * mm, 5 * mm)


def _shape(page: Canvas, colour: Colour, x: float, y: float, size: float) -> None:
    """Draw a circle for green, a triangle for yellow, a square for red, a ring for unknown."""
    if colour in (Colour.GREEN, Colour.UNKNOWN):
        page.circle(x, y, size, fill=int(colour is Colour.GREEN))
        return
    corners = (
        [(x - size, y - size), (x + size, y - size), (x, y + size)]
        if colour is Colour.YELLOW
        else [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)]
    )
    path = page.beginPath()
    path.moveTo(*corners[0])
    for corner in corners[1:]:
        path.lineTo(*corner)
    path.close()
    page.drawPath(path, fill=1)


def _times(page: Canvas, code: Code, zone: tzinfo) -> None:
    top = HEIGHT - MARGIN - BAND - 8 * mm
    page.setFont(FONT, 20)
    page.drawString(MARGIN, top, f"{UNTIL} {_clock(code.expires, zone)}")
    page.setFont(FONT, 8.5)
    told = f"{ISSUED} {_clock(code.issued, zone)}    {NUMBER} {number_of(code.pass_id)}"
    page.drawString(MARGIN, top - 5 * mm, told)


def number_of(pass_id: bytes) -> str:
    """Return what a holder reads out to have a pass revoked: the first eight digits of its id."""
    return f"{pass_id[:2].hex()} {pass_id[2:4].hex()}"


def _clock(seconds: int, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(seconds, zone)
    return f"{at.month}月{at.day}日 {at:%H:%M}"


def _qr(page: Canvas, text: str) -> None:
    """Draw the QR in rows of black runs, so that it is sharp at any size."""
    matrix = [bytes(row) for row in qr_of(text).matrix]
    side = QR_SIDE / (len(matrix) + 2 * QUIET)
    left = (WIDTH - QR_SIDE) / 2 + QUIET * side
    top = HEIGHT - MARGIN - BAND - 13 * mm - QUIET * side
    page.setFillColor(black)
    path = page.beginPath()
    for line, row in enumerate(matrix):
        for start, length in _runs(row):
            path.rect(left + start * side, top - (line + 1) * side, length * side, side)
    page.drawPath(path, stroke=0, fill=1)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Return where black modules begin, and how many stand together."""
    found, start = [], 0
    while (start := row.find(1, start)) >= 0:
        end = row.find(0, start)
        end = len(row) if end < 0 else end
        found.append((start, end - start))
        start = end
    return found


def _blanks(page: Canvas, remarks: tuple[Remark, ...]) -> None:
    """Draw room for the name and for remarks, and what every pass says below."""
    page.setLineWidth(0.6)
    for label, y in ((NAME, MARGIN + 25 * mm), (REMARKS, MARGIN + 16.5 * mm)):
        page.setFont(FONT, 12)
        page.drawString(MARGIN, y, label)
        page.line(MARGIN + 11 * mm, y - 1 * mm, WIDTH - MARGIN, y - 1 * mm)
    page.setFont(FONT, 9)
    for line, remark in enumerate(remarks):
        page.drawString(MARGIN, MARGIN + 11 * mm - line * 4 * mm, remark)
    page.setFont(FONT, 8)
    for line, said in enumerate(FOOT):
        page.drawString(MARGIN, MARGIN + 2.4 * mm - line * 3.6 * mm, said)
