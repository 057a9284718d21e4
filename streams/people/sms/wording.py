"""The answers' words, in Chinese or English (rule 14.3)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from streams.people.sms.dialogue import Word
from streams.people.sms.parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streams.people.sms.itinerary import Itinerary
    from streams.people.sms.said import Language

HOUR: Final = 60
WORDS: Final[Mapping[tuple[Word, Language], str]] = {
    (
        Word.ASK,
        "zh",
    ): "查询本机近14天到访城市，请在10分钟内回复Y和证件号后四位表示同意，如Y123X。英文请加EN。",
    (Word.ASK, "en"): "To agree to the look-up send Y and your ID's last 4 in 10 min: Y123X",
    (Word.ASK_DIGITS, "zh"): "请在10分钟内回复证件号后四位，如123X。",
    (Word.ASK_DIGITS, "en"): "Now send the last 4 characters of your ID, e.g. 123X.",
    (Word.HOW, "zh"): "请发送CXMYD#证件号后四位，如CXMYD#123X，发送即表示同意查询。英文请加#EN。",
    (Word.HOW, "en"): "Send CXMYD#123X#EN with your ID's last 4; sending it is consent.",
    (Word.DECLINED, "zh"): "已取消，没有查询。",
    (Word.DECLINED, "en"): "Cancelled; nothing was looked up.",
}
REFUSED: Final[Mapping[Language, str]] = {
    "zh": "未能查询：后四位不符，或本机未登记。一小时内最多查询3次，有误请到营业厅办理。",
    "en": "No answer: digits do not fit or phone not registered. 3 tries/hour.",
}
"""What every try is answered whose digits do not fit, whoever's phone it is (rule 14.2)."""
_JOINTS: Final[Mapping[Language, tuple[str, str]]] = {"zh": ("、", "。"), "en": (", ", ". ")}


def said(word: Word, language: Language) -> tuple[str, ...]:
    """Return what a word says, as parts."""
    return parts([WORDS[word, language]])


def refused(language: Language) -> tuple[str, ...]:
    """Return the one refusal."""
    return parts([REFUSED[language]])


def told(itinerary: Itinerary, language: Language) -> tuple[str, ...]:
    """Return an itinerary as parts, cut between cities."""
    return parts([*_cities(itinerary, language), *_freshness(itinerary, language)])


def _cities(one: Itinerary, language: Language) -> Iterator[str]:
    chinese = language == "zh"
    if one.cities is None:
        yield "城市边界未安装，无法列出城市。" if chinese else "No city boundaries are installed here. "
        return
    length = _length(one.minutes, language)
    if not one.cities:
        yield (
            f"本机近{one.days}天没有停留{length}以上的城市。"
            if chinese
            else f"No city with {length} or more in {one.days} days. "
        )
        return
    yield (
        f"本机近{one.days}天停留{length}以上的城市："
        if chinese
        else f"Cities with {length} or more in {one.days} days: "
    )
    joint, end = _JOINTS[language]
    names = [city.name if chinese else city.english for city in one.cities]
    yield from (name + joint for name in names[:-1])
    yield names[-1] + end


def _freshness(one: Itinerary, language: Language) -> Iterator[str]:
    """Say up to when anything has entered, and when the phone was last seen."""
    chinese = language == "zh"
    if one.clock is None:
        yield "尚无数据。" if chinese else "No data yet."
        return
    clock = _time(one.clock, one.timezone)
    yield f"数据截至{clock}，" if chinese else f"Data up to {clock}; "
    if one.seen is None:
        yield "其间没有本机信号。" if chinese else "this phone was not seen."
        return
    seen = _time(one.seen, one.timezone)
    yield f"本机末次{seen}。" if chinese else f"last seen {seen}."


def _length(minutes: int, language: Language) -> str:
    hours, left = divmod(minutes, HOUR)
    if left or not hours:
        return f"{minutes}分钟" if language == "zh" else f"{minutes} min"
    return f"{hours}小时" if language == "zh" else f"{hours} h"


def _time(seconds: int, timezone: str) -> str:
    return datetime.fromtimestamp(seconds, tz=UTC).astimezone(ZoneInfo(timezone)).strftime("%m-%d %H:%M")
