"""How often other rules would be right: simulated cities folded under many, written up as a document."""
