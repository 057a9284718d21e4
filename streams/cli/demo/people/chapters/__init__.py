"""The chapters, each a failure of the first such system, seen not to happen."""
