"""`shendeng verify`: a code checked with no network, as a gate does it (rule 13.3)."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from streams import clock
from streams.cli._ending import SOME, in_one_line
from streams.files.doors import opened, text_of
from streams.files.passkeys import check_key_at, key_set_at
from streams.files.times import given
from streams.files.unusable import UnusableError
from streams.people.codes.digits import DigitsError
from streams.people.codes.refusals import TOLD, RefusedError
from streams.people.codes.revocations import read_list
from streams.people.times import text
from streams.people.verify import UNDONE_TOLD, Clock, Holder, verify

if TYPE_CHECKING:
    from streams.people.codes.claims import Code
    from streams.people.codes.keys import KeySet
    from streams.people.codes.revocations import Revocations
    from streams.people.verify import Verdict

REFUSED: Final = 1
"""Exit status: the code does not count."""
CLOCKS: Final = {
    Clock.BEHIND: "this clock is behind: keys or list were made later than it says",
    Clock.DOUBTFUL: "either this is no code of now, or this clock is wrong",
}
EXAMPLE: Final = """\b
Example:
  shendeng verify --file code.txt --keys keys.json --revocations revocations.cose

\b
Exit status: 0 good and every check done (the digits' only if asked for), 1 refused, 3 good as far as it could
be checked, 2 an unusable option or file."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given."""

    code: str | None
    file: str | None
    keys: str
    revocations: str | None
    at: str | None
    digits: str | None
    check_key: str | None


@click.command(epilog=EXAMPLE)
@click.argument("code", required=False)
@click.option("--file", metavar="FILE", help="Read the code from a file, or from - (standard input).")
@click.option("--keys", required=True, metavar="FILE", help="The published keys: the document of /v1/keys.")
@click.option("--revocations", metavar="FILE", help="The signed revocation list: what /v1/revocations gives.")
@click.option("--at", metavar="TIME", help="Check as if it were then (RFC 3339); otherwise now.")
@click.option("--digits", metavar="DIGITS", help="The last four of the holder's document; needs --check-key.")
@click.option("--check-key", metavar="FILE", help="The key of the digits' check values, 64 hex digits.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def command(*, as_json: bool, **asked: Any) -> None:
    """Check CODE, the text of a code's QR: nothing is sent anywhere, and nothing is written.

    A text from a shell needs single quotes; --file - takes it from a scanner.
    """
    with in_one_line():
        verdict = _verdict(Asked(**asked))
    click.echo(json.dumps(_as_json(verdict)) if as_json else _as_text(verdict))
    if verdict.refused is not None:
        sys.exit(REFUSED)
    sys.exit(0 if verdict.complete else SOME)


def _verdict(asked: Asked) -> Verdict:
    if (asked.code is None) is (asked.file is None):
        raise UnusableError("verify", "", "expected CODE or --file FILE")
    if (asked.digits is None) is not (asked.check_key is None):
        raise UnusableError("--digits", "", "expected --digits and --check-key together")
    now = clock.now() if asked.at is None else given("--at", asked.at)
    keys = key_set_at(asked.keys)
    code = asked.code if asked.file is None else text_of(asked.file).rstrip("\r\n")
    try:
        return verify(
            code or "", keys=keys, now=now, revocations=_revocations(asked, keys), holder=_holder(asked)
        )
    except DigitsError as error:
        raise UnusableError("--digits", "", str(error)) from None


def _revocations(asked: Asked, keys: KeySet) -> Revocations | None:
    if asked.revocations is None:
        return None
    with opened(asked.revocations) as stream:
        data = stream.read()
    try:
        return read_list(data, keys)
    except RefusedError as error:
        raise UnusableError(asked.revocations, "", f"no revocation list by these keys: {error}") from None


def _holder(asked: Asked) -> Holder | None:
    if asked.digits is None or asked.check_key is None:
        return None
    return Holder(asked.digits, check_key_at(asked.check_key, "--check-key"))


def _as_text(verdict: Verdict) -> str:
    said = [] if verdict.code is None else [_said(verdict.code)]
    if verdict.refused is not None:
        lines = [f"refused ({verdict.refused}): {TOLD[verdict.refused]}", *said]
    else:
        lines = [*said, *(f"not checked ({one}): {UNDONE_TOLD[one]}" for one in verdict.undone)]
    return "\n".join(lines + ([CLOCKS[verdict.clock]] if verdict.clock in CLOCKS else []))


def _said(code: Code) -> str:
    return f"{code.colour}, {code.kind}, issued {text(code.issued)}, expires {text(code.expires)}"


def _as_json(verdict: Verdict) -> dict[str, Any]:
    code = verdict.code
    said = None
    if code is not None:
        said = {
            "pass": code.pass_id.hex(),
            "colour": code.colour,
            "kind": code.kind,
            "issued": text(code.issued),
            "expires": text(code.expires),
        }
    return {
        "good": verdict.refused is None,
        "complete": verdict.refused is None and verdict.complete,
        "refused": verdict.refused,
        "code": said,
        "undone": list(verdict.undone),
        "clock": verdict.clock,
    }
