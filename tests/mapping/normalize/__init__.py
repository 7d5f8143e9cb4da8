"""Tests of normalising."""
