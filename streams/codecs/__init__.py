"""The codec door: every value on its way in or out is read and written here."""

from streams.codecs.changes import change_json, cloud_event

__all__ = ["change_json", "cloud_event"]
