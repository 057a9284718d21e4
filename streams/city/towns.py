"""The settlements of the generated prefecture: towns by name, villages by chance."""

from __future__ import annotations

from typing import Final, NamedTuple


class Town(NamedTuple):
    """A town: name, longitude, latitude, weight (people, roughly, in hundred thousands)."""

    name: str
    longitude: float
    latitude: float
    weight: float


TOWNS: Final = (
    Town("椒江 Jiaojiang", 121.44, 28.67, 8.1),
    Town("黄岩 Huangyan", 121.26, 28.65, 7.1),
    Town("路桥 Luqiao", 121.37, 28.58, 6.4),
    Town("温岭 Wenling", 121.38, 28.37, 14.2),
    Town("玉环 Yuhuan", 121.23, 28.14, 6.4),
    Town("临海 Linhai", 121.13, 28.85, 11.1),
    Town("三门 Sanmen", 121.38, 29.11, 3.8),
    Town("天台 Tiantai", 121.03, 29.14, 4.7),
    Town("仙居 Xianju", 120.73, 28.85, 4.3),
)
"""The towns of 台州, whose districts are the jurisdiction."""
BEYOND: Final = (
    Town("温州 Wenzhou", 120.70, 28.00, 14.0),
    Town("乐清 Yueqing", 120.98, 28.11, 7.0),
    Town("虹桥 Hongqiao", 121.03, 28.21, 3.0),
)
"""Towns of the neighbouring prefecture: people go there, nobody of ours lives there."""
OUTING: Final = "虹桥 Hongqiao"
FAR: Final = Town("武汉 Wuhan", 114.31, 30.58, 4.0)
"""Where the second body of a cloned number lives."""


class Key(NamedTuple):
    """A key area: id, name, centre, half its side in metres."""

    id: str
    name: str
    longitude: float
    latitude: float
    half: float


KEY: Final = (
    Key("wz-market", "温州 Wenzhou, wholesale market", 120.70, 28.00, 3000.0),
    Key("yq-harbour", "乐清 Yueqing, harbour", 120.98, 28.11, 2400.0),
    Key("wl-station", "温岭 Wenling, coach station", 121.32, 28.42, 2000.0),
)
FAR_KEY: Final = Key("wh-market", "武汉 Wuhan, seafood market", 114.26, 30.62, 2000.0)
"""A key area to which only the second bodies of cloned numbers go."""
