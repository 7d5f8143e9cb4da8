"""Tests that use the product as a person does, in a real browser."""
