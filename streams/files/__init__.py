"""Reading and writing the files of the contract: towers, events, areas, policy, controls, changes."""
