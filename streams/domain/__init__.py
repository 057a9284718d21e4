"""The colour rules, pure: no I/O, no clock, no environment, no logging."""
