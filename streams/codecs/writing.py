"""Dataclasses written as Avro with nothing between: each schema's writer is put together once.

fastavro writes dicts, and tries every branch of a union on each value: making and writing them took three
quarters of what a person's change cost to write. The bytes are the same (tests/codecs/test_writing.py).
"""

from __future__ import annotations

from functools import cache
from keyword import iskeyword
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from streams.codecs import schemas

if TYPE_CHECKING:
    from collections.abc import Callable

    Put: TypeAlias = Callable[[bytearray, Any], None]
    """Adds a value's bytes; whatever is no value of its schema is an error."""

LOW, MORE = 0x7F, 0x80
"""Seven bits a byte, lowest first, and the mark that another byte follows."""
NULL, OTHER = 0, 2
"""The branches of a union with null first, as they are written."""


def write(value: Any) -> bytes:
    """Return a dataclass as the record of its name: single-object header and body.

    A field whose name is a word of Python's has an underscore behind it in the class.
    """
    header, put = _writer(type(value).__name__)
    out = bytearray(header)
    put(out, value)
    return bytes(out)


@cache
def _writer(name: str) -> tuple[bytes, Put]:
    schema = schemas.load()[name]
    return schema.header, _put(schema.parsed, {})


def _put(schema: Any, named: dict[str, Put]) -> Put:
    """Return how a schema's values are written; RuntimeError for a form that no record here has."""
    if isinstance(schema, list):
        return _optional(schema, named)
    kind = schema if isinstance(schema, str) else schema["type"]
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in named:
        return named[kind]
    if kind == "array":
        return _array(_put(schema["items"], named))
    if kind == "fixed":
        named[schema["name"]] = put = _fixed(schema["size"])
        return put
    if kind == "record":
        named[schema["name"]] = put = _record(schema, named)
        return put
    raise RuntimeError(f"expected a form that streams/codecs/writing.py writes, found {schema}")


def _record(schema: Any, named: dict[str, Put]) -> Put:
    names = [f"{one['name']}_" if iskeyword(one["name"]) else one["name"] for one in schema["fields"]]
    puts = [_put(one["type"], named) for one in schema["fields"]]
    if len(names) < 2:  # noqa: PLR2004 - attrgetter of several returns them together, of one not
        return _short(names, puts)
    parts = attrgetter(*names)

    def put(out: bytearray, value: Any) -> None:
        for each, part in zip(puts, parts(value), strict=True):
            each(out, part)

    return put


def _short(names: list[str], puts: list[Put]) -> Put:
    def put(out: bytearray, value: Any) -> None:
        for name, each in zip(names, puts, strict=True):
            each(out, getattr(value, name))

    return put


def _optional(schema: Any, named: dict[str, Put]) -> Put:
    if len(schema) != 2 or schema[0] != "null":  # noqa: PLR2004 - null, and one other
        raise RuntimeError(f"expected null and one other, found {schema}")
    other = _put(schema[1], named)

    def put(out: bytearray, value: Any) -> None:
        if value is None:
            out.append(NULL)
        else:
            out.append(OTHER)
            other(out, value)

    return put


def _array(item: Put) -> Put:
    def put(out: bytearray, value: Any) -> None:
        if count := len(value):
            _long(out, count)
            for one in value:
                item(out, one)
        out.append(0)

    return put


def _fixed(size: int) -> Put:
    def put(out: bytearray, value: Any) -> None:
        if len(value) != size:
            raise ValueError(f"expected {size} bytes, found {len(value)}")
        out += value

    return put


def _number(bits: int) -> Put:
    def put(out: bytearray, value: Any) -> None:
        left = value << 1 if value >= 0 else ~(value << 1)
        if left >> bits:
            raise OverflowError(f"expected a number of {bits} bits")
        while left > LOW:
            out.append(left & LOW | MORE)
            left >>= 7
        out.append(left)

    return put


_long: Final = _number(64)


def _bytes(out: bytearray, value: Any) -> None:
    length = len(value)
    if length < MORE // 2:
        out.append(length << 1)
    else:
        _long(out, length)
    out += value


def _string(out: bytearray, value: Any) -> None:
    _bytes(out, value.encode())


def _boolean(out: bytearray, value: Any) -> None:
    out.append(bool(value))


_PLAIN: Final[dict[str, Put]] = {
    "int": _number(32),
    "long": _long,
    "bytes": _bytes,
    "string": _string,
    "boolean": _boolean,
}
