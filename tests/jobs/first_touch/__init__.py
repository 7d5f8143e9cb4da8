"""Tests of the first touch and who is next."""
