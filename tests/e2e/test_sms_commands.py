"""`shendeng sms`: a dialogue in a terminal, alone and with a worker; the bridge to jSMPP (rule 14)."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from streams import codecs
from streams.files.private import write_private
from streams.people.sms import wording
from streams.people.sms.dialogue import Word
from tests.e2e.deployment import Deployment, deployed
from tests.e2e.processes import until, within
from tests.e2e.test_sms import CHECKS, prepare, texts_on
from tests.people.sms_course import KEYS, NUMBER
from tests.smpp.centre import PASSWORD, SERVICE, SYSTEM, a_centre

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from streams.kafka.local import LocalBroker

PHONE, DIGITS = KEYS.current.pseudonym(NUMBER), "771X"


@pytest.fixture
def deployment(broker: LocalBroker, topic_prefix: str, tmp_path: Path) -> Iterator[Deployment]:
    with deployed(broker, topic_prefix, tmp_path, 1, home=str(tmp_path / "home"), clock="wall") as made:
        secret = KEYS.current.secret.hex()
        write_private(tmp_path / "keys.toml", f'[[epoch]]\nnumber = 1\nkey = "{secret}"'.encode())
        write_private(tmp_path / "check.key", CHECKS.secret.hex().encode())
        write_private(tmp_path / "centre.key", PASSWORD.encode())
        prepare(made, PHONE, DIGITS)
        yield made


def keys(deployment: Deployment) -> list[str]:
    folder = deployment.folder
    return ["--key-file", str(folder / "keys.toml"), "--check-key", str(folder / "check.key")]


def test_alone_a_dialogue_ends_with_the_districts_of_the_city_made() -> None:
    asked, told, *_ = within("sms", "simulate", "--text", "CXMYD", "--text", "Y123X", env={}).splitlines()
    assert (asked,) == wording.said(Word.ASK, "zh")
    assert "本机近14天停留4小时以上的城市：" in told
    refused = within("sms", "simulate", "--carrier", "unicom", "--text", "CXMYD#0000#EN", env={})
    assert refused.splitlines() == list(wording.refused("en"))
    assert within("sms", "simulate", "--text", "hello", env={}) == "(no answer)\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--digits", "12345"], "--digits: expected a document's last four"),
        (["--number", NUMBER], "--number: expected --key-file and --check-key beside it"),
        (["--cities", "nowhere.geojson"], "nowhere.geojson: expected a readable file"),
    ],
)
def test_what_cannot_be_meant_is_one_line(words: list[str], told: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "streams", "sms", "simulate", "--text", "CXMYD", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith("shendeng: ")
    assert told in done.stderr


def test_with_a_deployment_the_worker_answers_and_neither_number_nor_digits_stand_on_any_topic(
    deployment: Deployment,
) -> None:
    deployment.ready()
    words = ["sms", "simulate", "--number", NUMBER, *keys(deployment), "--wait", "60"]
    told = within(*words, "--text", "CXMYD", "--text", f"Y{DIGITS}", env=deployment.env).splitlines()
    assert (told[0],) == wording.said(Word.ASK, "zh")
    assert "数据截至" in "".join(told[1:])
    for topic in ("sms-inbound", "sms-outbound", "itinerary-requests", "itineraries", "lookups"):
        for value in deployment.values(topic):
            assert not any(secret in value for secret in (NUMBER[1:].encode(), DIGITS.encode())), topic


def _take_interrupts() -> None:
    """Let Ctrl-C mean what it does at a terminal, where whoever runs the tests ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_the_bridge_carries_texts_from_a_centre_and_answers_back_over_connections_that_end(
    deployment: Deployment,
) -> None:
    deployment.ready()
    log = deployment.folder / "bridge.log"
    with a_centre() as centre, log.open("wb") as stream:
        words = ["sms", "bridge", "--carrier", "mobile", "--centre", f"127.0.0.1:{centre.port}"]
        words += ["--system-id", SYSTEM, "--password-file", str(deployment.folder / "centre.key")]
        words += ["--service", SERVICE, *keys(deployment)]
        bridge = subprocess.Popen(
            [sys.executable, "-m", "streams", *words],
            env=deployment.env,
            stdout=stream,
            stderr=stream,
            preexec_fn=_take_interrupts,  # noqa: PLW1509 - the test has no threads by then that hold a lock
        )
        try:
            until(lambda: "bound" in centre.said, "the bridge is bound")
            centre.tell("ascii", NUMBER[1:], "hello")
            centre.tell("ascii", NUMBER[1:], "CXMYD")
            until(lambda: len(centre.submitted()) == 1, "the question")
            centre.tell("hang")
            until(lambda: centre.said.count("bound") == 2, "the bridge is bound again")
            centre.tell("ucs2", NUMBER[1:], f"同意{DIGITS}")
            until(lambda: len(centre.submitted()) >= 2, "the itinerary")
            bridge.send_signal(signal.SIGINT)
            assert bridge.wait(60) == 0
        finally:
            bridge.kill()
            bridge.wait()
        submitted = centre.submitted()
    assert {number for number, _ in submitted} == {NUMBER[1:]}
    assert (submitted[0][1],) == wording.said(Word.ASK, "zh")
    assert "数据截至" in "".join(text for _, text in submitted[1:])
    assert len(texts_on(deployment)) == 2
    told = log.read_text()
    assert "carried: " in told
    assert not any(secret in told for secret in (NUMBER[1:], DIGITS, PASSWORD, PHONE.hex()))


def test_bindings_are_published_with_the_keys_that_the_bridge_has(deployment: Deployment) -> None:
    file = deployment.folder / "bindings.csv"
    row = f"{NUMBER},2026-01-01T00:00:00Z,9,resident_id,33100219900101123X"
    file.write_text(f"phone,from,version,document_type,document_number\n{row}\n")
    within(*("publish", "bindings", str(file), "--carrier", "mobile", *keys(deployment)), env=deployment.env)
    found = [codecs.decode_binding(value) for value in deployment.values("identity-bindings")]
    assert [(one.phone, one.check) for one in found if one.version == 9] == [(PHONE, CHECKS.value("123X"))]
