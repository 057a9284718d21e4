"""The orders that are published, read once: what a gate, or who publishes more, goes by (rule 12.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams import codecs
from streams.kafka.reading import whole
from streams.people.order_book import OrderBook

if TYPE_CHECKING:
    from streams.kafka.wire import Wire
    from streams.topics import Names


def standing(brokers: str, names: Names, wire: Wire) -> OrderBook:
    """Return the order book as the topic has it now; what nobody may order, or none can read, is left out."""
    book = OrderBook()
    for record in whole(brokers, names.orders):
        take(book, record.key, wire.learnt(record.value))
    return book


def take(book: OrderBook, key: bytes | None, value: bytes | None) -> None:
    """Take a record of the topic into an order book, as whoever follows the topic does with each."""
    if value is None:
        book.erase((key or b"").decode("utf-8", "replace"))
        return
    try:
        order = codecs.decode_order(value)
    except codecs.CodecError:
        return
    if key == order.id.encode():
        book.enter(order)
