"""`shendeng publish policy FILE`: a whole policy, put on `policies`."""

from __future__ import annotations

from dataclasses import asdict

import click

from streams import codecs
from streams.cli._ending import in_one_line, settings_and_brokers
from streams.cli.publish._told import told
from streams.domain.policy import Deployment
from streams.files.deadletters import DeadLetters
from streams.files.policy import policy_of
from streams.kafka.publishing import publisher
from streams.kafka.wire import wire_of
from streams.topics import Names


@click.command(epilog="\b\nExample:\n  shendeng publish policy policy.toml")
@click.argument("file")
def command(file: str) -> None:
    """Publish a whole policy (TOML)."""
    with in_one_line():
        settings, brokers = settings_and_brokers()
        found = policy_of(file, Deployment(settings.retention_days))
        thresholds = asdict(found) | {"jurisdiction": found.jurisdiction}
        del thresholds["version"]
        with publisher(brokers, wire_of(settings)) as out:
            value = codecs.encode_policy(found.version, thresholds)
            out.send(Names(settings.topic_prefix).policies, value, b"policy")
    told(f"policy version {found.version}", DeadLetters())
