"""A generated prefecture: towers, key areas and people, all from a seed; nothing in it is real."""
