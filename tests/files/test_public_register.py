"""The public register as it is printed: what is whole, what is counted, and what is hidden (rule 16.3)."""

from __future__ import annotations

import json

from streams.agents.publicly import PublicRegister
from streams.cli.register import lines, told
from streams.domain.records import AreaVersion
from streams.people.appeal_figures import Figures, Published
from streams.people.hand_made import MONDAY, WEEK, Acts
from streams.people.orders import Order

NOW = MONDAY + 2900 * WEEK
SQUARE = ((((121.0, 28.0), (122.0, 28.0), (122.0, 29.0), (121.0, 28.0)),),)
ORDER = Order(
    *("market", 2, "lane-7", "street office", ("Wang", "李"), "a crowded market", NOW, NOW + WEEK),
    {"green": "register"},
    signal_required=True,
)
FOUND = PublicRegister(
    NOW,
    (
        AreaVersion("A", 3, SQUARE, NOW - WEEK, NOW, name="市场"),
        AreaVersion("B", 2, (), 0, withdrawn=True),
    ),
    ((4, {"window_days": 7, "jurisdiction": SQUARE}),),
    (ORDER,),
    (Acts("bindings", ("county", "lane-7"), NOW - 2 * WEEK, NOW - WEEK, 17),),
    Published((Figures("5.1", 75, 60, 30, 50), Figures("11.2", None, None, None, None)), None),
)


def test_areas_policies_and_orders_are_whole_and_the_rest_are_counts() -> None:
    found = json.loads(json.dumps(told(FOUND)))
    first, second = found["areas"]["features"]
    assert first["geometry"] == {"type": "Polygon", "coordinates": [[list(p) for p in SQUARE[0][0]]]}
    assert (first["properties"]["id"], first["properties"]["version"]) == ("A", 3)
    assert second["properties"]["withdrawn"] is True
    [policy] = found["policies"]
    assert (policy["version"], policy["window_days"], policy["jurisdiction"]["type"]) == (4, 7, "Polygon")
    [order] = found["orders"]
    assert (order["names"], order["table"], order["signal_required"]) == (
        ["Wang", "李"],
        {"green": "register"},
        True,
    )
    assert found["acts"] == [
        {
            "kind": "bindings",
            "offices": ["county", "lane-7"],
            "from": "2025-07-21T00:00:00Z",
            "until": "2025-07-28T00:00:00Z",
            "count": 17,
        }
    ]
    assert found["appeals"]["overdue"] is None
    assert [one["upheld_percent"] for one in found["appeals"]["rules"]] == [50, None]


def test_a_reader_of_lines_sees_the_same_and_hidden_counts_as_such() -> None:
    when = "from 2025-08-04T00:00:00Z until 2025-08-11T00:00:00Z"
    signed = f"a crowded market; street office of Wang and 李, {when}"
    assert list(lines(FOUND)) == [
        "as of 2025-08-04T00:00:00Z",
        "area A version 3 市场, from 2025-07-28T00:00:00Z until 2025-08-04T00:00:00Z",
        "area B version 2, withdrawn",
        "policy version 4: window_days = 7",
        f"order market version 2 in lane-7: green: register, a signal required; {signed}",
        "bindings by county, lane-7, from 2025-07-21T00:00:00Z until 2025-07-28T00:00:00Z: 17",
        "appeals against rule 5.1: 75, decided 60, upheld 30 (50 %)",
        "appeals against rule 11.2: <15, decided <15, upheld <15",
        "appeals overdue: <15",
    ]
