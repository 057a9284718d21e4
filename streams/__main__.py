"""The `shendeng` command: commands are loaded when named, so that `replay` never imports Kafka."""

from __future__ import annotations

import importlib
import pkgutil
import signal
from typing import Final

import click

import streams.cli
from streams.settings import SettingsError

UNUSABLE: Final = 2
"""Exit status for an unusable input or option."""


class Commands(click.Group):
    """One module of `streams.cli` a command; each has a click command named `command`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names: the modules of streams.cli that do not begin with an underscore."""
        del ctx
        found = pkgutil.iter_modules(streams.cli.__path__)
        return sorted(m.name.replace("_", "-") for m in found if not m.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module behind a name, or return None where there is none."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module = importlib.import_module(f"streams.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)  # noqa: S101 - a room's own contract, held by a test
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shendeng")
def shendeng() -> None:
    """Carriers' signal-location events in, colour changes out."""


def main() -> None:
    """Run the command line; a mistake in the settings is one line and exit status 2.

    SIGTERM and SIGHUP end a command as Ctrl-C does, so that it takes away what it has begun.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
    try:
        shendeng()
    except SettingsError as error:
        click.echo(f"shendeng: {error}", err=True)
        raise SystemExit(UNUSABLE) from None


if __name__ == "__main__":
    main()
