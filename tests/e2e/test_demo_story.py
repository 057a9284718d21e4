"""`demo --story` on its own Kafka: each chapter ends as it should, and a gate needs none (rules 10 to 13)."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.e2e.clone import clean, home_with_jars
from tests.e2e.processes import running

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHAPTERS: Mapping[str, tuple[str, ...]] = {
    "The old man without a phone": (
        r"gate, by document +Li .*: ask \(NO_SIGNAL\)",
        r"accepted as well: .*a paper pass",
        r"dead-letters \d@\d+ .*: two_people_needed",
        r"declarations \d@\d+ .*NO_PHONE$",
        r"person-colours \d@\d+ +Li .* is green: by his word",
        r"gate, offline +signature, times, list and digits are good",
        r"gate, offline .*refused: other_digits",
        r"gate, by paper pass +the gate to the market: pass \(CLEAR\)",
        r"^  The old man reaches the market\.$",
    ),
    "The grandmother and her daughter": (
        r"dead-letters \d@\d+ .*without her consent: not_the_holder",
        r"declarations \d@\d+ .*consents",
        r"passes \d@\d+ .*by proxy",
        r"the daughter's page +yellow, PASSED_THROUGH: no visits",
        r"gate, by paper pass .*register \(PASSED_THROUGH, BY_PROXY\)",
        r"dead-letters \d@\d+ .*once more: not_the_holder",
    ),
    "The number that belongs to nobody": (
        r"colour-changes \d@\d+ +phone .* is red",
        r"gate, by phone and digits .*ask \(NO_MATCH\)",
        r"review queue +2 phones wait",
        r"dead-letters \d@\d+ .*same_officer",
        r"identity-bindings \d@\d+ .*bound by hand",
        r"gate, by document .*a lead: ask \(STAYED, PASSED_THROUGH, LEAD\)",
        r"identity-bindings \d@\d+ .*agrees",
        r"gate, by document .*register \(STAYED, PASSED_THROUGH, LEAD\)",
    ),
    "The liar": (
        r"person-colours \d@\d+ +Sun .* is red: he declares",
        r"passes \d@\d+ .*revoked in the same transaction",
        r"gate, offline .*refused: revoked",
        r"declarations \d@\d+ .*waits for an officer",
        r"declarations \d@\d+ +CONTRADICTED",
        r"dead-letters \d@\d+ .*no_more_corrections",
        r"dead-letters \d@\d+ .*phone_observed",
        r"person-colours +Sun turned red once, and nothing has changed since",
        r"^  The liar is red still",
    ),
    "The recycled number": (
        r"person-colours \d@\d+ +Qian .* is red: the carrier still has her",
        r"identity-bindings \d@\d+ .*struck out",
        r"exclusions 0@\d+",
        r"colour-changes \d@\d+ +phone .* is green",
        r"person-colours \d@\d+ +Zhou .* is green: he inherits nothing",
        r"person-colours \d@\d+ +and never was anything but green or unknown",
        r"person-colours \d@\d+ +Qian .* is red: she sheds nothing",
        r"gate, by phone and digits .*Zhou.*pass \(CLEAR\)",
    ),
    "The community that is stricter than others": (
        r"refused: too_strict",
        r"orders 0@\d+ +the order, public",
        r"Zhou at Old Wharf: register \(CLEAR\)",
        r"ordered by Old Wharf street office, Tang Yuan and Shen Ke, until \d{4}-\d\d-\d\dT",
        r"Zhou anywhere else: pass",
    ),
    "The child's phone": (
        r"identity-bindings \d@\d+ +bound to Bao .* as guardian",
        r"person-colours \d@\d+ +Bao .* is yellow",
        r"person-colours \d@\d+ +his mother is what she was",
        r"the child: ask \(PASSED_THROUGH, LEAD\)",
        r"his mother: pass \(CLEAR\)",
    ),
}
"""Each chapter's title, and what its lines say in this order."""


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Run the story to its end; return where, and what it printed."""
    folder = tmp_path_factory.mktemp("story")
    env = clean() | {"SHENDENG_HOME": str(home_with_jars(folder)), "SHENDENG_AGENTS": "engine"}
    words = [sys.executable, "-m", "streams", "demo", "--story"]
    done = subprocess.run(
        words, env=env, cwd=folder, capture_output=True, text=True, check=False, timeout=500
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return folder, done.stdout


@pytest.mark.parametrize("title", CHAPTERS)
def test_a_chapter_ends_as_it_should(ended: tuple[Path, str], title: str) -> None:
    found = re.search(rf"^\d  {re.escape(title)}$(.*?)^(?:\d  |summary)", ended[1], re.MULTILINE | re.DOTALL)
    assert found is not None
    rest = found[1]
    for line in CHAPTERS[title]:
        here = re.search(line, rest, re.MULTILINE)
        assert here is not None, (line, rest)
        rest = rest[here.end() :]


def test_with_no_kafka_left_a_gate_checks_the_old_mans_pass_by_the_line_that_was_printed(
    ended: tuple[Path, str],
) -> None:
    folder, told = ended
    assert running(folder / "home") == []
    line = told.splitlines()[-1].strip()
    done = subprocess.run(line.split(), env=clean(), cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("green, paper, issued ")
    assert (folder / "home" / "demo" / "people" / "Li.pdf").read_bytes().startswith(b"%PDF")


def test_nobody_is_named_whole(ended: tuple[Path, str]) -> None:
    log = (ended[0] / "home" / "demo-worker.log").read_text()
    assert re.findall(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])", ended[1] + log) == []
