"""Every name of Faust, mode and aiokafka that `streams.kafka` uses though nobody promised it to stay.

A new version that fails here needs `streams.kafka` read again beside it; nothing else tells so early.
"""

from __future__ import annotations

import ast
import asyncio
import importlib.metadata
import inspect
import re
from pathlib import Path
from typing import Any

import aiokafka
import faust
import pytest
from aiokafka.client import AIOKafkaClient
from aiokafka.consumer import fetcher
from aiokafka.consumer.subscription_state import TopicPartitionState
from aiokafka.producer import message_accumulator, sender
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.producer.sender import Sender
from faust.app.base import App
from faust.tables.manager import TableManager
from faust.transport.conductor import Conductor
from faust.transport.consumer import Consumer, ConsumerThread, Fetcher
from faust.transport.drivers import aiokafka as driver
from faust.types import ConsumerMessage

from streams import kafka
from streams.kafka import consumer as ours
from streams.kafka import fetching
from streams.kafka.record_batches.filling import Filled
from streams.kafka.transport import Transport
from tests.contract.parsing import parsed

PRIVATE_NAMES = {
    "_add_gap",
    "_client",
    "_consumer",
    "_coordinator",
    "_create_worker_consumer",
    "_ensure_consumer",
    "_fetch_max_wait_ms",
    "_fetch_min_bytes",
    "_fetch_records",
    "_fetcher",
    "_filter_tps_with_pending_acks",
    "_flag_changes",
    "_get_active_partitions",
    "_isolation_level",
    "_new_consumer_thread",
    "_new_offset",
    "_proc_fetch_request",
    "_records",
    "_resubscribe_sleep_lock_seconds",
    "_sender",
    "_subscription",
    "_thread",
    "_topic_contain_unsubscribed_topics",
    "_update_channels",
    "_unacked_messages",
}

DOCUMENTED = {"_asdict", "_fields", "_make", "_replace"}
"""What the standard library promises of named tuples, in spite of the underscore."""


def foreign_private_names() -> set[str]:
    """Return the private attributes touched in streams/kafka that no class there defines itself."""
    used: set[str] = set()
    own: set[str] = set()
    for path in Path(kafka.__file__).parent.glob("*.py"):
        for node in ast.walk(parsed(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and node.attr.startswith("_")
                and not node.attr.startswith("__")
            ):
                used.add(node.attr)
                if (
                    isinstance(node.ctx, ast.Store)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "self"
                ):
                    own.add(node.attr)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("_"):
                used.add(node.name)
                own.add(node.name)
    overriding = {
        name for one in (ours.Consumer, ours.Thread) for name in vars(one) if hasattr(one.__mro__[1], name)
    }
    overriding = {name for name in overriding if name.startswith("_")} - {"_held"}
    foreign = ((used - own) | overriding) - DOCUMENTED
    return {name for name in foreign if not name.startswith("__") and name != "_abc_impl"}


def test_the_list_of_private_names_is_complete() -> None:
    assert foreign_private_names() == PRIVATE_NAMES


def test_the_versions_are_the_pinned_ones() -> None:
    assert importlib.metadata.version("faust-streaming") == "0.15.3"
    assert importlib.metadata.version("aiokafka") == "0.14.0"


@pytest.mark.parametrize(
    ("mine", "theirs", "name"),
    [
        (ours.Consumer, driver.Consumer, "getmany"),
        (ours.Consumer, driver.Consumer, "ack"),
        (ours.Consumer, driver.Consumer, "_filter_tps_with_pending_acks"),
        (ours.Consumer, driver.Consumer, "_new_offset"),
        (ours.Consumer, driver.Consumer, "_add_gap"),
        (ours.Consumer, driver.Consumer, "_new_consumer_thread"),
        (ours.Consumer, driver.Consumer, "perform_seek"),
        (ours.Consumer, driver.Consumer, "on_partitions_revoked"),
        (ours.Consumer, driver.Consumer, "on_partitions_assigned"),
        (ours.Consumer, driver.Consumer, "resume_partitions"),
        (ours.Consumer, driver.Consumer, "verify_event_path"),
        (ours.Thread, driver.AIOKafkaConsumerThread, "_create_worker_consumer"),
        (ours.Thread, driver.AIOKafkaConsumerThread, "on_start"),
        (fetching.Unread, fetcher.PartitionRecords, "__init__"),
        (fetching.Sent, fetcher.MemoryRecords, "has_next"),
        (fetching.Sent, fetcher.MemoryRecords, "size_in_bytes"),
    ],
)
def test_what_is_overridden_still_has_these_parameters(mine: Any, theirs: Any, name: str) -> None:
    expected = inspect.signature(getattr(theirs, name)).parameters
    assert list(inspect.signature(getattr(mine, name)).parameters) == list(expected)
    kinds = inspect.iscoroutinefunction, inspect.isasyncgenfunction
    assert [kind(getattr(mine, name)) for kind in kinds] == [kind(getattr(theirs, name)) for kind in kinds]


def test_fetches_are_called_as_the_thread_overrides_them() -> None:
    signature = inspect.signature(driver.AIOKafkaConsumerThread._fetch_records)  # noqa: SLF001
    assert list(signature.parameters) == ["self", "consumer", "active_partitions", "timeout", "max_records"]
    source = inspect.getsource(driver.AIOKafkaConsumerThread.getmany)
    assert "self._fetch_records" in source


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (
            Consumer,
            ["_get_active_partitions", "seek_wait", "commit", "stop_flow", "assignment", "pause_partitions"],
        ),
        (ConsumerThread, ["call_thread"]),
        (driver.AIOKafkaConsumerThread, ["_ensure_consumer"]),
        (Fetcher, ["maybe_start"]),
        (
            Conductor,
            ["_resubscribe_sleep_lock_seconds", "_topic_contain_unsubscribed_topics", "_flag_changes"],
        ),
        (App, ["on_partitions_assigned", "on_first_start", "on_start", "flow_control", "wait_until_stopped"]),
        (TableManager, ["_update_channels", "recovery"]),
        (TopicPartitionState, ["has_valid_position", "position"]),
        (AIOKafkaClient, ["add_topic", "force_metadata_update"]),
        (Sender, ["sender_task"]),
    ],
)
def test_what_is_called_exists(owner: Any, names: list[str]) -> None:
    assert [name for name in names if not hasattr(owner, name)] == []


def test_a_filled_batch_is_all_that_is_asked_of_aiokafkas_own() -> None:
    asked = set(re.findall(r"\b_builder\.(\w+)", inspect.getsource(message_accumulator)))
    asked -= set(re.findall(r"self\._builder\.(\w+)", inspect.getsource(BatchBuilder)))
    asked |= {"record_count", "append", "closed", "close", "_set_producer_state", "_build"}
    for name in asked:
        mine, its = getattr(Filled, name), getattr(BatchBuilder, name)
        parameters = list(inspect.signature(its).parameters)
        if name != "append":  # which is called by names, and takes none of what it is given
            assert list(inspect.signature(mine).parameters) == parameters
    assert "isinstance" not in inspect.getsource(message_accumulator)
    assert "_builder" not in inspect.getsource(sender)


def test_what_takes_in_a_fetch_names_what_ours_stands_for() -> None:
    taken_in = fetcher.Fetcher._proc_fetch_request  # noqa: SLF001
    assert {"MemoryRecords", "PartitionRecords", "FetchResult"} <= set(taken_in.__code__.co_names)
    assert not taken_in.__code__.co_freevars
    assert taken_in.__kwdefaults__ is taken_in.__defaults__ is None
    routine = inspect.getsource(fetcher.Fetcher._fetch_requests_routine)  # noqa: SLF001
    assert "self._proc_fetch_request(" in routine
    taken_out = inspect.getsource(fetcher.FetchResult.getall)
    assert "in self._partition_records" in taken_out


def test_tables_begin_as_ours_do_after_a_second() -> None:
    begun = inspect.getsource(TableManager.on_start)
    theirs = re.findall(r"await self\.(.*)\n", begun)
    assert theirs == ["sleep(1.0)", "_update_channels()", "recovery.start()"]


def test_what_a_fetch_asks_for_is_read_each_time() -> None:
    asked = inspect.getsource(fetcher.Fetcher._get_actions_per_node)  # noqa: SLF001
    assert "self._fetch_max_wait_ms,\n" in asked
    assert "self._fetch_min_bytes,\n" in asked
    assert "in self._records" in asked


def test_what_is_read_from_instances_exists() -> None:
    async def look() -> None:
        app = faust.App("contract", broker="chunked://127.0.0.1:1", web_enabled=False)
        assert isinstance(app.transport, Transport)
        found = app.consumer
        assert isinstance(found, ours.Consumer)
        for name in ("flow_active", "can_resume_flow", "_unacked_messages", "should_stop", "_thread"):
            assert hasattr(found, name), name
        assert hasattr(app, "consumer_generation_id")
        assert app.topics is not None
        state = TopicPartitionState(None)
        assert state.highwater is None
        reader = aiokafka.AIOKafkaConsumer(bootstrap_servers="127.0.0.1:1", group_id=None)
        assert reader._fetch_max_wait_ms == 500  # noqa: SLF001
        assert reader._fetch_min_bytes == 1  # noqa: SLF001
        assert reader._isolation_level == "read_uncommitted"  # noqa: SLF001
        assert reader._client.cluster.partitions_for_topic("none") is None  # noqa: SLF001
        assert reader._subscription.subscription is None  # noqa: SLF001
        await reader.stop()
        producer = aiokafka.AIOKafkaProducer(bootstrap_servers="127.0.0.1:1")
        assert producer._sender.sender_task is None  # noqa: SLF001
        assert producer.client.cluster.partitions_for_topic("none") is None
        await producer.stop()

    asyncio.run(look())


def test_a_message_still_takes_what_a_chunk_gives_it() -> None:
    expected = [
        "self",
        "topic",
        "partition",
        "offset",
        "timestamp",
        "timestamp_type",
        "headers",
        "key",
        "value",
        "checksum",
    ]
    parameters = list(inspect.signature(ConsumerMessage.__init__).parameters)
    assert parameters[: len(expected)] == expected
    assert parameters[10:13] == ["serialized_key_size", "serialized_value_size", "tp"]
    assert "generation_id" in parameters


def test_the_settings_that_let_a_fenced_worker_rejoin_are_still_settings() -> None:
    conf = faust.App(
        "contract", stream_wait_empty=False, table_standby_replicas=0, topic_disable_leader=True
    ).conf
    assert conf.stream_wait_empty is False
    assert conf.topic_disable_leader is True


def test_clones_of_a_topic_share_its_list_only_if_that_is_true() -> None:
    async def look() -> None:
        app = faust.App("contract", broker="chunked://127.0.0.1:1", web_enabled=False)
        shared = ["one"]
        topic: Any = app.topic("one")
        topic.topics = shared
        assert topic.clone(is_iterator=True).topics is shared
        topic.topics = []
        assert topic.clone(is_iterator=True).topics is not topic.topics

    asyncio.run(look())
