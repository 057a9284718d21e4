"""What a value that cannot be read is called."""

from __future__ import annotations


class CodecError(ValueError):
    """A value cannot be read; `reason` is the dead letter's stable code.

    `bad_framing` (no header known), `unknown_fingerprint` (a header, but of no schema expected here),
    `unknown_schema` (Confluent's header, but the registry has no record of ours by that id), `truncated`
    (bytes missing or left over), `oversized` (over 1 MiB or 10,000 sightings), `bad_value` (read, but without
    sense), `bad_key` (it stands under a key that does not name it), `future` (dated after it arrived),
    `sunset` (it came after the deployment's end).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
