"""What `shendeng bench` measures, each beside the others on one broker in one run."""
