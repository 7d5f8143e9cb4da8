"""Tests of what must never be kept."""
