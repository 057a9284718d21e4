"""`shendeng bench --sweep`: what throughput depends on, as plots, a page and JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import click

from streams.bench import scale
from streams.bench.diaries import DIARY_DAYS, Diaries
from streams.bench.tally import machine
from streams.cli._ending import in_one_line
from streams.files.unusable import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from streams.settings import Settings


def swept(folder: Path, phones: int, broker: Callable[[], AbstractContextManager[Settings]]) -> None:
    """Measure a window alone, up to so many phones; then workers, on a broker that nobody else uses."""
    with in_one_line():
        try:
            from streams.bench import sweep  # noqa: PLC0415 - needs matplotlib, which the others do not
        except ImportError:
            raise UnusableError("--sweep", "", "expected matplotlib: install shendeng[plots]") from None
    sweeps = list(sweep.alone(phones))
    with broker() as chosen:
        deployments = count()

        def worker(held: int, partitions: int) -> float:
            prefix = f"sweep{next(deployments)}."
            deployed = replace(chosen, topic_prefix=prefix, partitions=partitions)
            return scale.throughput(deployed, Diaries(held, DIARY_DAYS))

        sweeps += sweep.workers(phones, worker, chosen.partitions)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in sweep.plots(sweeps).items():
        (folder / name).write_bytes(content)
    page = sweep.markdown(sweeps, machine())
    (folder / "sweep.md").write_text(page, encoding="utf-8")
    told = {one.name: one.points for one in sweeps}
    found = json.dumps({"machine": machine()} | told, indent=2)
    (folder / "sweep.json").write_text(found + "\n", encoding="utf-8")
    click.echo(page)
