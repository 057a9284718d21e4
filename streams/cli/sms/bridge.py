"""`shendeng sms bridge`: between a carrier's short message centre (SMPP 3.4) and Kafka (rule 14.4)."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.cli import _logging
from streams.cli._ending import in_one_line, in_operation
from streams.cli.sms._board import CHECKS, KEYS, carrier_option, switchboard
from streams.cli.sms._carrying import Carrying
from streams.files.private import private_bytes
from streams.files.unusable import UnusableError
from streams.kafka.exchange import exchange
from streams.smpp.session import Centre

if TYPE_CHECKING:
    from streams.people.sms.switchboard import Switchboard
    from streams.settings import Settings

log = logging.getLogger("shendeng.sms.bridge")

EXAMPLE: Final = """\b
Example:
  shendeng sms bridge --carrier mobile --centre 127.0.0.1:2775 --system-id shendeng \\
    --password-file centre.key --service 10086 --key-file keys.toml --check-key check.key"""


@click.command(epilog=EXAMPLE)
@carrier_option(required=True)
@click.option("--centre", required=True, metavar="HOST:PORT", help="The carrier's short message centre.")
@click.option("--system-id", required=True, help="As whom the centre knows us.")
@click.option("--password-file", required=True, metavar="FILE", help="Its password, at most 8 characters.")
@click.option("--service", required=True, metavar="NUMBER", help="The short number that answers come from.")
@click.option("--key-file", required=True, metavar="FILE", help=KEYS)
@click.option("--check-key", required=True, metavar="FILE", help=CHECKS)
def command(
    *,
    carrier: str,
    centre: str,
    system_id: str,
    password_file: str,
    service: str,
    key_file: str,
    check_key: str,
) -> None:
    """Carry texts from a carrier's centre to Kafka and answers back, until Ctrl-C.

    It runs at the carrier's side. A number becomes a pseudonym here, digits their check value; what is no
    sentence of ours goes nowhere. Numbers are kept in memory, for ten minutes, and nowhere else.
    """
    with in_one_line():
        board = switchboard(carrier, key_file, check_key)
        host, _, port = centre.rpartition(":")
        if not host or not port.isdecimal():
            raise UnusableError("--centre", "", "expected HOST:PORT")
        password = private_bytes(password_file, "--password-file").decode("ascii", "replace").strip()
        settings, _ = in_operation()
        _logging.begin(settings.log_level, clock.monotonic)
        where = Centre(host, int(port), system_id, password, service)
        try:
            asyncio.run(_bridge(settings, board, where))
        except KeyboardInterrupt:
            log.info("stopped")


async def _bridge(settings: Settings, board: Switchboard, centre: Centre) -> None:
    async with exchange(settings, board, clock.now_precise) as kafka:
        carrying = Carrying(kafka, board, centre, clock.now)
        try:
            await carrying.run()
        finally:
            log.info("carried: %s", carrying.told())
