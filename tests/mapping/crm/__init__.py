"""Tests of what becomes of an inquiry in a CRM."""
