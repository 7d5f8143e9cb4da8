"""Tests of changing the playbook."""
