"""Faust's manager of tables, where there are none: ours are read by what folds them (D5)."""

from __future__ import annotations

import logging

from faust.tables.manager import TableManager


class NoTables(TableManager):
    """Begins at once: Faust's waits a second for tables that agents might declare meanwhile."""

    logger = logging.getLogger("faust.tables")

    async def on_start(self) -> None:
        """Say that all tables are known, and let the consumer subscribe."""
        await self._update_channels()
        await self.recovery.start()
