"""The office's printer and the gate's device: passes signed, drawn and checked with no network (rule 13)."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from cryptography.hazmat.primitives.asymmetric import ec

from streams.files.paper import Remark, paper_pass
from streams.files.passkeys import PUBLISHED, key_set_at, signing_key, write_keys
from streams.files.private import write_private
from streams.people.codes.keys import CURVE
from streams.people.codes.limits import HOUR, Limits
from streams.people.codes.revocations import list_of, read_list
from streams.people.codes.rotation import rotated
from streams.people.codes.text import text_of
from streams.people.passes import code_of, withdrawn
from streams.people.verify import Holder, verify

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from streams.cli.demo.people.cast import Character
    from streams.people.codes.digits import CheckKey
    from streams.people.passes import Passes, PassIssued
    from streams.people.verify import Verdict

LIMITS: Final = Limits()
ZONE: Final = ZoneInfo("Asia/Shanghai")
KEYS, CHECK, LIST = "pass-keys", "check.key", "revocations.cose"


class Office:
    """Prints into a folder, which is made anew; the folder is all that a gate's device needs."""

    def __init__(self, folder: Path, check_key: CheckKey, now: int) -> None:
        self.folder, self._check_key = folder, check_key
        shutil.rmtree(folder, ignore_errors=True)
        (folder / KEYS).mkdir(mode=0o700, parents=True)
        private = ec.generate_private_key(CURVE)
        write_keys(folder / KEYS, rotated(None, private.public_key(), now, HOUR, LIMITS), private, now)
        write_private(folder / CHECK, check_key.secret.hex().encode() + b"\n")

    def prints(self, issued: PassIssued, holder: str) -> Path:
        """Sign a pass and draw it; return the PDF. The QR's text is beside it."""
        code = code_of(issued)
        keys = key_set_at(str(self.folder / KEYS / PUBLISHED))
        text = text_of(code, signing_key(self.folder / KEYS, keys, issued.issued))
        remarks = ((Remark.NO_PHONE,) if issued.no_phone else ()) + (
            (Remark.PROXY,) if issued.by_proxy else ()
        )
        (self.folder / f"{holder}.code").write_text(text + "\n", encoding="utf-8")
        pdf = self.folder / f"{holder}.pdf"
        pdf.write_bytes(paper_pass(code, text, remarks, ZONE))
        return pdf

    def publishes_list(self, everybody: Iterable[Passes], now: int) -> None:
        """Sign the list of passes withdrawn, for gates to fetch."""
        keys = key_set_at(str(self.folder / KEYS / PUBLISHED))
        key = signing_key(self.folder / KEYS, keys, now)
        (self.folder / LIST).write_bytes(list_of(withdrawn(everybody, now, LIMITS), key))

    def verifies(self, holder: Character, now: int, digits: str | None = None) -> Verdict:
        """Check a printed pass as a device without network does, by the files alone."""
        keys = key_set_at(str(self.folder / KEYS / PUBLISHED))
        revocations = read_list((self.folder / LIST).read_bytes(), keys)
        code = (self.folder / f"{holder.name}.code").read_text(encoding="utf-8").rstrip("\n")
        shown = Holder(digits or holder.digits, self._check_key)
        return verify(code, keys=keys, now=now, revocations=revocations, holder=shown)

    def line(self, holder: Character, program: str) -> str:
        """Return the command that checks a pass again, with no Kafka."""
        at = os.path.relpath(self.folder)
        return (
            f"{program} verify --file {at}/{holder.name}.code --keys {at}/{KEYS}/{PUBLISHED} "
            f"--revocations {at}/{LIST} --digits {holder.digits} --check-key {at}/{CHECK}"
        )
