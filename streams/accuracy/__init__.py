"""How often the colours are right: the truth worked out from the world, and what was said held against it."""
