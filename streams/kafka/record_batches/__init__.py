"""Kafka's record batches (message format v2) into arrays, without an object a record."""
