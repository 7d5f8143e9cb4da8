"""Tests of everything that speaks to the outside."""
