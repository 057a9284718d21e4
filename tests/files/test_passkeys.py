"""Keys of passes made, rotated and used by the commands; a gate's checks from a shell (rules 13.1, 13.3)."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from streams import clock
from streams.cli import keys as keys_command
from streams.cli import verify as verify_command
from streams.files.passkeys import key_set_at, signing_key
from streams.files.unusable import UnusableError
from streams.people.codes.claims import Code, Colour, Kind
from streams.people.codes.digits import CheckKey
from streams.people.codes.revocations import list_of, revocations_of
from streams.people.codes.text import text_of
from streams.people.times import text

if TYPE_CHECKING:
    from pathlib import Path

SECRET = bytes(range(32))
CHECK = CheckKey(SECRET)


def ran(command: Any, *words: str, given: str | None = None) -> tuple[int, str]:
    run = CliRunner().invoke(command, list(words), input=given)
    assert run.exception is None or isinstance(run.exception, SystemExit), run.exception
    return run.exit_code, run.output


def rotated(folder: Path, *more: str) -> tuple[int, str]:
    return ran(keys_command.command, "rotate", "passes", "--folder", str(folder), *more)


class Gate:
    """A folder with keys, a code, a list, and the digits' key."""

    def __init__(self, folder: Path) -> None:
        self.now = clock.now()
        self.folder = folder
        assert rotated(folder / "keys")[0] == 0
        self.keys = key_set_at(str(folder / "keys" / "keys.json"))
        self.key = signing_key(folder / "keys", self.keys, self.now)
        self.code = Code(bytes(16), Colour.GREEN, Kind.LIVE, self.now, self.now + 300, CHECK.value("1234"))
        self.text = text_of(self.code, self.key)
        self.listed(self.now)
        secret = folder / "check"
        secret.write_text(SECRET.hex() + "\n")
        secret.chmod(0o600)

    def listed(self, issued: int, *passes: bytes) -> None:
        (self.folder / "list").write_bytes(list_of(revocations_of(issued, passes), self.key))

    def checks(self, *words: str, given: str | None = None) -> tuple[int, Any]:
        keys = ("--keys", str(self.folder / "keys" / "keys.json"))
        code, told = ran(verify_command.command, *words, *keys, "--json", given=given)
        return code, json.loads(told) if told.startswith("{") else told

    def with_list(self, *words: str) -> tuple[int, Any]:
        return self.checks(*words, "--revocations", str(self.folder / "list"))


@pytest.fixture
def gate(tmp_path: Path) -> Gate:
    return Gate(tmp_path)


def test_a_private_key_is_its_owners_alone_and_is_not_published(gate: Gate) -> None:
    folder = gate.folder / "keys"
    [private] = folder.glob("*.pem")
    assert private.name == f"{gate.key.id.hex()}.pem"
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    value = gate.key.private.private_numbers().private_value
    assert str(value) not in (folder / "keys.json").read_text()
    private.chmod(0o640)
    with pytest.raises(UnusableError, match="chmod 600"):
        signing_key(folder, gate.keys, gate.now)


def test_a_rotation_tells_when_each_key_begins_and_ends(gate: Gate) -> None:
    folder = gate.folder / "keys"
    code, told = rotated(folder, "--lead", "24")
    assert code == 0
    assert f"key {gate.key.id.hex()} ends " in told
    assert len(list(folder.glob("*.pem"))) == 2
    assert signing_key(folder, key_set_at(str(folder / "keys.json")), gate.now).id == gate.key.id
    code, told = rotated(folder)
    assert (code, "is waiting to begin already" in told) == (2, True)
    assert len(list(folder.glob("*.pem"))) == 2


def test_a_leaked_key_is_dropped_with_its_file_and_its_codes_are_refused(gate: Gate) -> None:
    code, _ = rotated(gate.folder / "keys", "--compromised", gate.key.id.hex())
    assert code == 0
    assert f"{gate.key.id.hex()}.pem" not in [path.name for path in (gate.folder / "keys").iterdir()]
    code, told = gate.checks(gate.text)
    assert (code, told["refused"], told["code"]) == (1, "unknown_key", None)
    assert rotated(gate.folder / "keys", "--compromised", "no")[0] == 2
    assert rotated(gate.folder / "keys", "--compromised", "00")[0] == 2


def test_a_key_file_with_another_key_is_refused(gate: Gate, tmp_path: Path) -> None:
    assert rotated(tmp_path / "others")[0] == 0
    [others] = (tmp_path / "others").glob("*.pem")
    [ours] = (gate.folder / "keys").glob("*.pem")
    for wrong in (others.read_bytes(), b"", b"-----BEGIN PRIVATE KEY-----\n"):
        ours.write_bytes(wrong)
        with pytest.raises(UnusableError, match="expected the private key"):
            signing_key(gate.folder / "keys", gate.keys, gate.now)


def test_a_good_code_is_exit_0_with_a_fresh_list_and_3_without(gate: Gate) -> None:
    code, told = gate.with_list(gate.text)
    assert (code, told["good"], told["complete"], told["undone"]) == (0, True, True, ["no_digits"])
    assert told["code"]["colour"] == "green"
    code, told = gate.checks(gate.text)
    assert (code, told["good"], told["complete"]) == (3, True, False)


def test_a_list_too_old_is_told_and_exit_3(gate: Gate) -> None:
    later = text(gate.now + 25 * 3600)
    paper = text_of(replace(gate.code, kind=Kind.PAPER, expires=gate.now + 72 * 3600), gate.key)
    code, told = gate.with_list(paper, "--at", later)
    assert (code, told["good"], told["undone"]) == (3, True, ["revocations_old", "no_digits"])


def test_a_code_comes_from_a_file_or_from_a_scanner_on_standard_input(gate: Gate) -> None:
    for ending in ("", "\n", "\r\n"):
        assert gate.checks("--file", "-", given=gate.text + ending)[0] == 3
        (gate.folder / "code").write_text(gate.text + ending, newline="")
        assert gate.checks("--file", str(gate.folder / "code"))[0] == 3


def test_refused_codes_are_exit_1_with_their_reason(gate: Gate) -> None:
    gate.listed(gate.now, gate.code.pass_id)
    for words, refused in (
        ((gate.text,), "revoked"),
        ((gate.text, "--at", text(gate.now + 3600)), "expired"),
        ((gate.text[:-1],), "truncated"),
        (("",), "not_a_code"),
    ):
        code, told = gate.with_list(*words)
        assert (code, told["refused"], told["good"], told["complete"]) == (1, refused, False, False)


def test_the_digits_are_checked_with_their_key(gate: Gate) -> None:
    for digits, status, refused in (("1234", 0, None), ("9999", 1, "other_digits")):
        words = (gate.text, "--digits", digits, "--check-key", str(gate.folder / "check"))
        code, told = gate.with_list(*words)
        assert (code, told["refused"]) == (status, refused)


def test_what_cannot_be_used_is_one_line_and_exit_2(gate: Gate) -> None:
    for words, told in (
        ((), "expected CODE or --file FILE"),
        ((gate.text, "--file", "-"), "expected CODE or --file FILE"),
        ((gate.text, "--digits", "1234"), "expected --digits and --check-key together"),
        ((gate.text, "--at", "now"), "--at: expected a time with its offset"),
        ((gate.text, "--revocations", "nowhere"), "nowhere: expected a readable file"),
        ((gate.text, "--revocations", str(gate.folder / "check")), "no revocation list by these keys"),
        ((gate.text, "--digits", "12", "--check-key", str(gate.folder / "check")), "last four digits"),
    ):
        code, said = gate.checks(*words)
        assert (code, said.count("\n")) == (2, 1), said
        assert told in said
    (gate.folder / "check").write_text("00")
    code, said = gate.checks(gate.text, "--digits", "1234", "--check-key", str(gate.folder / "check"))
    assert (code, "expected 64 hex digits" in said, "1234" in said) == (2, True, False)
    (gate.folder / "keys" / "keys.json").write_text("{")
    assert gate.checks(gate.text)[0] == 2


def test_a_person_reads_what_was_checked_and_what_was_not(gate: Gate) -> None:
    keys = ("--keys", str(gate.folder / "keys" / "keys.json"))
    code, told = ran(verify_command.command, gate.text, *keys)
    assert code == 3
    first, *rest = told.splitlines()
    assert first.startswith("green, live, issued ")
    assert [line.split(":")[0] for line in rest] == [
        "not checked (no_revocations)",
        "not checked (no_digits)",
    ]
    code, told = ran(verify_command.command, gate.text, *keys, "--at", text(gate.now - 3600))
    assert code in {1, 3}
    assert "clock" in told.splitlines()[-1]
