"""`python -m tests.e2e.dying worker`: a worker that is killed, once, in the transaction of a decision.

DIES is `before` it begins, `within` it, when all is written and nothing committed, or `after` it, when
nothing of it is acknowledged; DIES_ON is a topic it writes to.
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

from streams.__main__ import main
from streams.kafka.transactions import Transactions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.kafka.transactions import Output, Told


_commit = Transactions.commit


async def dying(self: Transactions, outputs: Iterable[Output | Told]) -> None:
    """Commit, but die by SIGKILL at that moment of the first transaction that writes to the topic."""
    listed = list(outputs)
    if all(output.topic != os.environ["DIES_ON"] for output in listed):
        await _commit(self, listed)
        return
    if os.environ["DIES"] == "within":
        await self._producer.begin_transaction()
        await asyncio.gather(*await self._send_all(listed))
    elif os.environ["DIES"] == "after":
        await _commit(self, listed)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    Transactions.commit = dying  # type: ignore[method-assign]
    main()
