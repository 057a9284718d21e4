"""Faust agents: decode, call, send. They hold no rules."""
