"""Tests of intake paths."""
