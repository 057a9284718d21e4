"""Real traces: call-detail records of any layout, turned into our files by a mapping."""
