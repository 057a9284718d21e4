"""`shendeng sms simulate`: texts typed, answers printed; alone, or with a deployment's workers."""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import TYPE_CHECKING, Final

import click

from streams import clock
from streams.cli._ending import in_one_line, in_operation
from streams.cli.sms._alone import Alone, cities_at
from streams.cli.sms._board import CHECKS, KEYS, carrier_option, switchboard
from streams.files.unusable import UnusableError
from streams.kafka.exchange import exchange
from streams.people.codes.digits import DIGITS
from streams.people.sms.switchboard import NumberError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable, Iterator

    from streams.kafka.exchange import Exchange
    from streams.people.sms.switchboard import Sending

SILENCE: Final = "(no answer)"
EXAMPLE: Final = """\b
Example:
  shendeng sms simulate --text CXMYD --text Y123X

\b
With the workers of a deployment (SHENDENG_KAFKA_BROKERS):
  --number +8613800138000 --key-file keys.toml --check-key check.key"""


@click.command(epilog=EXAMPLE)
@carrier_option(required=False)
@click.option("--text", "texts", multiple=True, metavar="TEXT", help="Send this, then end; else type.")
@click.option(
    "--digits", default="123X", show_default=True, help="The last four of the document of who is bound."
)
@click.option("--cities", metavar="FILE", help="Boundaries as GeoJSON; else the made-up city's districts.")
@click.option("--seed", type=int, default=1, show_default=True, help="The city made.")
@click.option("--number", metavar="E164", help="Ask a deployment instead, as this number.")
@click.option("--key-file", metavar="FILE", help=KEYS)
@click.option("--check-key", metavar="FILE", help=CHECKS)
@click.option(
    "--wait",
    type=click.IntRange(1, 600),
    default=10,
    show_default=True,
    help="Seconds to wait for a deployment's answer.",
)
def command(
    *,
    carrier: str,
    texts: tuple[str, ...],
    digits: str,
    cities: str | None,
    seed: int,
    number: str | None,
    key_file: str | None,
    check_key: str | None,
    wait: int,
) -> None:
    """Ask by SMS in a terminal: each line typed is a text, what is printed under it its answer.

    Without --number nothing but this process is there: a generated person is bound to the phone, with two
    weeks of diary. With it the texts go through Kafka as a carrier's bridge sends them.
    """
    with in_one_line():
        said = iter(texts) if texts else _typed()
        if number is None:
            _alone(carrier, said, digits, cities, seed)
        elif key_file is None or check_key is None:
            raise UnusableError("--number", "", "expected --key-file and --check-key beside it")
        else:
            board = switchboard(carrier, key_file, check_key)
            settings, _ = in_operation()

            async def ask() -> None:
                async with exchange(settings, board, clock.now_precise) as kafka:
                    await _asked(kafka, number, said, wait)

            try:
                asyncio.run(ask())
            except NumberError as error:
                raise UnusableError("--number", "", str(error)) from None


def _alone(carrier: str, said: Iterable[str], digits: str, cities: str | None, seed: int) -> None:
    if DIGITS.fullmatch(digits) is None:
        raise UnusableError("--digits", "", "expected a document's last four, of which the last may be X")
    now = clock.now()
    phone = Alone(carrier, digits, cities_at(cities), seed, now, secrets.token_bytes)
    for text in said:
        _show(phone.text(text, clock.now()))


async def _asked(kafka: Exchange, number: str, said: Iterator[str], wait: int) -> None:
    """Send what is said, one text after another, and show what comes back for each within some seconds."""
    answers = kafka.answers()
    coming: asyncio.Task[Sending] | None = None
    try:
        while (text := await asyncio.to_thread(next, said, None)) is not None:
            message = secrets.token_hex(8)
            done = await kafka.put(message, number, text)
            if done is None:
                _show(())
                continue
            await done
            coming = coming or asyncio.create_task(_next(answers))
            found, _ = await asyncio.wait([coming], timeout=wait)
            _show(coming.result().parts if found else ())
            coming = None if found else coming
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
        await answers.aclose()


async def _next(answers: AsyncGenerator[Sending, None]) -> Sending:
    return await anext(answers)


def _typed() -> Iterator[str]:
    """Yield the lines of standard input; at a terminal each is asked for."""
    asked: Callable[[], None] = (lambda: click.echo("> ", nl=False)) if sys.stdin.isatty() else (lambda: None)
    asked()
    for line in sys.stdin:
        yield line.rstrip("\n")
        asked()


def _show(parts: tuple[str, ...]) -> None:
    for part in parts or (SILENCE,):
        click.echo(part)
