"""Tests of hours and zones."""
