"""Tests of the engine, on real rows and on the records of a sandbox CRM."""
