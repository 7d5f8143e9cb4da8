"""Tests of the HighLevel sandbox, over its HTTP face."""
