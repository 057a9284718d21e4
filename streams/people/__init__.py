"""The rules about people, pure: no I/O, no clock, no environment, no logging."""
