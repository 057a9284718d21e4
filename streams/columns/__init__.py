"""Sightings in columns, compiled: from a carrier's bytes to the journal's, without an object a sighting.

Reads and writes exactly the forms named in `streams.codecs.forms`, and only what is beyond doubt: a value
that is odd in any way is left to the codecs, which give the reason. Calls no other package's compiled code.
"""
