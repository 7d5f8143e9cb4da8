"""Tests that kill real processes and take servers away."""
