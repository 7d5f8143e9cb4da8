"""What a person agreed to and took back, in which words, and what holds of it."""
