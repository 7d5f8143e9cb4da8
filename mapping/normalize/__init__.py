"""Turns what people type into one written form per kind of value, and says so when it cannot be read."""
