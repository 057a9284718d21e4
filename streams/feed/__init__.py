"""What a carrier's feed is like: statistics of any number of sightings, pure and in bounded memory."""
