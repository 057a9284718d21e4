"""Shendeng: carriers' signal-location events in, colour changes out."""
