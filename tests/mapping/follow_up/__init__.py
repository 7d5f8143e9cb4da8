"""Tests of what comes next."""
