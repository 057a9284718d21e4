"""Asking by SMS: what a text says, the dialogue, an itinerary and its answer (rule 14)."""
