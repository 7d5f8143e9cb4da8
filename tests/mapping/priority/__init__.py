"""Tests of priority."""
