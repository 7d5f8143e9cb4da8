"""Tests of what is done to rows that lie there."""
