"""Tests of being left alone."""
