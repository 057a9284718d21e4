"""An export of look-ups, verified without Kafka: what was done to it is found (rule 17.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.cli.audit.verify import told
from streams.files.lookups import exported, public_keys, read_export, remembered, signer
from streams.files.unusable import UnusableError
from streams.people.audit.verify import verified
from tests.people.looking import HOUR, KEY, KEYS, NOW, OTHER_KEY, chained, head, lookup, write_keys

if TYPE_CHECKING:
    from pathlib import Path

    from streams.people.audit.chain import Link, Text
    from streams.people.audit.heads import Head
    from streams.people.audit.verify import Report

LINKS, TEXTS = chained("web-1", *(lookup(NOW + n) for n in range(5)))
HEAD = head(LINKS[4])
ALL: list[Link | Text | Head] = [*LINKS, *TEXTS, HEAD]
RECORDS = {codecs.lookup_key(one): codecs.encode_lookup(one) for one in ALL}
WHOLE = {key.decode(): exported(0, n, key, value) for n, (key, value) in enumerate(RECORDS.items())}
NO_TEXTS = {key: line for key, line in WHOLE.items() if key.startswith(("link/", "head/"))}


def report(path: Path, known: Path | None = None) -> Report:
    ends = [] if known is None else remembered(str(known))
    return verified(read_export(str(path)), KEYS, NOW + HOUR, ends)


def found(folder: Path, lines: list[str], known: Path | None = None) -> list[tuple[str, int]]:
    path = folder / "lookups.ndjson"
    path.write_text("".join(lines))
    return [(one.code, one.sequence) for one in report(path, known).findings]


def without(*keys: str) -> list[str]:
    return [line for key, line in NO_TEXTS.items() if key not in keys]


def test_an_export_verifies_with_and_without_texts(tmp_path: Path) -> None:
    assert found(tmp_path, list(WHOLE.values())) == []
    assert found(tmp_path, without()) == []


@pytest.mark.parametrize(
    ("gone", "expected"),
    [("link/web-1/2", ("missing", 2)), ("link/web-1/5", ("cut_end", 5)), ("link/web-1/1", ("cut_early", 1))],
)
def test_a_line_that_is_gone_is_found(gone: str, expected: tuple[str, int], tmp_path: Path) -> None:
    assert found(tmp_path, without(gone)) == [expected]


def test_lines_that_changed_places_are_found(tmp_path: Path) -> None:
    lines = without()
    lines[1], lines[2] = lines[2], lines[1]
    assert found(tmp_path, lines) == [("reordered", 2)]


def test_what_an_earlier_run_printed_finds_an_end_that_was_cut_with_its_head(tmp_path: Path) -> None:
    path, known = tmp_path / "whole.ndjson", tmp_path / "verified.json"
    path.write_text("".join(without()))
    known.write_text(json.dumps(told(report(path), NOW)))
    cut = without("link/web-1/5", codecs.lookup_key(HEAD).decode())
    assert found(tmp_path, cut) == []
    assert found(tmp_path, cut, known) == [("cut_end", 5)]


@pytest.mark.parametrize(
    "line", ["{}", "[]", "no", '{"partition":0,"offset":1,"key":"a","value":"*"}', '{"key":1,"value":null}']
)
def test_a_line_that_is_no_record_is_named(line: str, tmp_path: Path) -> None:
    with pytest.raises(UnusableError, match="line 12: expected a record with partition"):
        found(tmp_path, [*WHOLE.values(), line + "\n"])


def test_what_no_verification_printed_is_refused(tmp_path: Path) -> None:
    known = tmp_path / "verified.json"
    for text in ("", "[]", '{"chains":[{}]}', '{"chains":[{"writer":"a","last":1,"hash":"x","at_ms":1}]}'):
        known.write_text(text)
        with pytest.raises(UnusableError, match="expected what shendeng audit verify --json has printed"):
            remembered(str(known))


def test_keys_are_read_from_pem_several_public_ones_from_one_file(tmp_path: Path) -> None:
    write_keys(tmp_path, KEY, OTHER_KEY)
    assert signer(str(tmp_path / "audit-key.pem")).id == KEY.id
    assert set(public_keys(str(tmp_path / "audit-keys.pem")).keys) == {KEY.id, OTHER_KEY.id}
    assert public_keys(None).keys == {}
    with pytest.raises(UnusableError, match="key 1: expected a public key in PEM"):
        public_keys(str(tmp_path / "audit-key.pem"))
    with pytest.raises(UnusableError, match="expected a private key in PEM"):
        signer(str(tmp_path / "audit-keys.pem"))
