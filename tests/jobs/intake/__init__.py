"""Tests of taking in, splitting and what is kept of it."""
