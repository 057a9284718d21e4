"""What can be wrong with a chain, each with a stable code and what to do about it (rule 17.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

RESTORE: Final = "compare the topic with a backup or an earlier export; ask who could write to it"
REMEDIES: Final = {
    "bad_signature": "do not trust this head; ask who holds the signing key and who could write to the topic",
    "changed": RESTORE,
    "cut_early": "retention takes only what is over 400 days old: ask who deleted records, restore a backup",
    "cut_end": RESTORE,
    "cut_unsigned": "sign heads daily; once you know who cut: shendeng audit sign --despite WRITER",
    "doubled": "somebody wrote a copy: ask who could write to the topic",
    "erased_link": "a link is never erased, only its text: ask who could write to the topic",
    "forked": "two writers used one name without fencing, or somebody forged one: find out which is genuine",
    "head_mismatch": RESTORE,
    "missing": RESTORE,
    "reordered": RESTORE,
    "text_changed": "do not trust this text; its link stands",
    "text_without_link": "do not trust this text: no link commits to it",
    "unknown_key": "give the public key with --keys, also of keys that signed earlier",
    "unreadable": "this record is none of a reader's: ask who could write to the topic",
    "unsigned": "run daily: shendeng audit sign --key-file FILE",
}


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing that is wrong: where, and what; `writer` is empty and `sequence` 0 where unknown."""

    writer: str
    sequence: int
    code: str
    what: str

    @property
    def remedy(self) -> str:
        """What to do."""
        return REMEDIES[self.code]
