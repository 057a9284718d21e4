"""A schema registry, by the HTTP interface that Confluent's and others have: schemas by id, ids by name."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from streams.kafka.errors import EngineError, UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable

SECONDS: Final = 10.0
TRIES: Final = 10
"""How often a registry that does not answer is asked, a second apart, before the process ends."""
KIND: Final = "application/vnd.schemaregistry.v1+json"


class Registry:
    """Asks the registry at `url`, and blocks until it has answered; `rest` waits so many seconds."""

    def __init__(self, url: str, rest: Callable[[float], None]) -> None:
        if not url.startswith(("http://", "https://")):
            raise UnusableError(f"setting 'schema_registry_url': expected http:// or https://, found {url!r}")
        self._url, self._rest = url.rstrip("/"), rest

    def schema(self, number: int) -> str | None:
        """Return the Avro schema with this id, None where there is none."""
        found = self._ask(f"/schemas/ids/{number}")
        if found is None or found.get("schemaType", "AVRO") != "AVRO":
            return None
        return str(found["schema"])

    def register(self, subject: str, definition: str) -> int:
        """Return the id of a schema under a subject, which has it from now on."""
        found = self._ask(f"/subjects/{subject}/versions", json.dumps({"schema": definition}).encode())
        if found is None:
            raise UnusableError(f"the schema registry at {self._url} has no place for {subject}")
        return int(found["id"])

    def _ask(self, path: str, body: bytes | None = None) -> dict[str, Any] | None:
        """Return the answer, None for "not found"; EngineError if it refuses or does not answer."""
        request = urllib.request.Request(self._url + path, body, {"Content-Type": KIND, "Accept": KIND})  # noqa: S310 - checked above
        told = ""
        for _ in range(TRIES):
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310 - as above
                    found: dict[str, Any] = json.load(answer)
                    return found
            except urllib.error.HTTPError as error:
                if error.code == HTTPStatus.NOT_FOUND:
                    return None
                if error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                    raise UnusableError(
                        f"the schema registry at {self._url} refused {path}: {error}"
                    ) from None
                told = str(error)
            except (OSError, ValueError) as error:
                told = str(error)
            self._rest(1.0)
        raise EngineError(f"the schema registry at {self._url} does not answer: {told}")
