"""The people of the story: made up, each by a document and a number of which only pseudonyms enter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from streams.people.actors import Actor, Role
from streams.people.codes.digits import SECRET as CHECK_SECRET
from streams.people.codes.digits import CheckKey
from streams.people.documents import NAMESPACE
from streams.people.pseudonyms import SECRET, Key

if TYPE_CHECKING:
    from collections.abc import Callable

COMMUNITY: Final = "old-wharf"
EPOCH: Final = 1
SHORT: Final = 8
"""Hex digits of a pseudonym that are shown."""

WANG: Final = Actor("worker-wang", Role.COMMUNITY, COMMUNITY)
LIN: Final = Actor("worker-lin", Role.COMMUNITY, COMMUNITY)
GAO: Final = Actor("officer-gao", Role.OFFICER, "county")
LUO: Final = Actor("officer-luo", Role.OFFICER, "county")


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody of the story; `check` is the check value of the document's last four `digits`.

    `phone` is the one they carry, whoever it is bound to; None: they have none.
    """

    name: str
    person: bytes
    age_band: str
    digits: str
    check: int
    phone: bytes | None

    def actor(self) -> Actor:
        """Return them as the read side would have authenticated them."""
        return Actor(self.person.hex(), Role.RESIDENT)

    def carried(self) -> bytes:
        """Return the phone they carry."""
        assert self.phone is not None  # noqa: S101 - asked of those who have one
        return self.phone

    def __str__(self) -> str:
        return f"{self.name} ({short(self.person)})"


def short(pseudonym: bytes) -> str:
    """Return as much of a pseudonym as is shown."""
    return f"{pseudonym.hex()[:SHORT]}…"


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody, by the keys of one evening."""

    check_key: CheckKey
    li: Character
    chen: Character
    mei: Character
    zhao: Character
    sun: Character
    qian: Character
    zhou: Character
    bao: Character
    he: Character

    def everybody(self) -> tuple[Character, ...]:
        """Return all who live in the community."""
        return (
            self.li,
            self.chen,
            self.mei,
            self.zhao,
            self.sun,
            self.qian,
            self.zhou,
            self.bao,
            self.he,
        )


@dataclass(frozen=True, slots=True)
class _Maker:
    key: Key = field(repr=False)
    check_key: CheckKey

    def made(self, name: str, age_band: str, document: str, number: str | None) -> Character:
        person = self.key.pseudonym_of_id(NAMESPACE, f"resident_id/{document}")
        phone = None if number is None else self.key.pseudonym(number)
        digits = document[-4:]
        return Character(name, person, age_band, digits, self.check_key.value(digits), phone)


def drawn(draw: Callable[[int], bytes]) -> Cast:
    """Return the cast under new keys; `draw` gives so many random bytes."""
    maker = _Maker(Key(EPOCH, draw(SECRET)), CheckKey(draw(CHECK_SECRET)))
    recycled = "+8613805760006"
    return Cast(
        maker.check_key,
        li=maker.made("Li", "70-79", "331003194803120417", None),
        chen=maker.made("Chen", "60-69", "331003195511080228", "+8613805760001"),
        mei=maker.made("Mei", "30-39", "331003198602141963", "+8613805760002"),
        zhao=maker.made("Zhao", "40-49", "331003197907303316", "+8613805760003"),
        sun=maker.made("Sun", "30-39", "331003199001017752", "+8613805760004"),
        qian=maker.made("Qian", "20-29", "331003199805229034", recycled),
        zhou=maker.made("Zhou", "20-29", "331003200009111178", recycled),
        bao=maker.made("Bao", "0-9", "331003201804055591", "+8613805760007"),
        he=maker.made("He", "30-39", "331003198712206640", "+8613805760008"),
    )
