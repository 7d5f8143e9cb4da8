"""Tests of merging and its undoing."""
