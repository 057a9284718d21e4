"""Looking, and being looked at: each look-up a link of a chain, its text beside it (rules 17.1, 17.2)."""
