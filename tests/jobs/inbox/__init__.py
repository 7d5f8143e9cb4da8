"""Tests of watching a mailbox."""
