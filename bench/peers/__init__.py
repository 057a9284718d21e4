"""Other stream processors and ours, on the same work, in rounds on one broker: `make bench-peers`."""
