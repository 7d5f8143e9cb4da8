"""Tests of what a CRM's account allows and how it is."""
