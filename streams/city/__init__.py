"""A simulated prefecture: towers, roads, key areas, people and what their phones show, all from a seed."""
