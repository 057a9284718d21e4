"""A reader's process that looks somebody up without end, and prints how many look-ups are recorded."""

from __future__ import annotations

import asyncio
import os
import secrets
import sys

from streams import clock, settings
from streams.kafka.lookups import recorder
from tests.people.looking import PERSON, PHONE, lookup


async def look(writer: str) -> None:
    chosen = settings.load(os.environ)
    async with recorder(chosen, writer, lambda: secrets.token_bytes(32), clock.now_precise) as chain:
        recorded = 0
        while True:
            seen = [lookup(clock.now() * 1000, subject) for subject in (PHONE, PERSON, PHONE)]
            await asyncio.gather(*map(chain.record, seen))
            recorded += len(seen)
            print(recorded, flush=True)  # noqa: T201 - what the test reads


if __name__ == "__main__":
    asyncio.run(look(sys.argv[1]))
