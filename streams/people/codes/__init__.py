"""Codes and what belongs to them: what is signed, with which keys, and what is withdrawn (rule 13)."""
