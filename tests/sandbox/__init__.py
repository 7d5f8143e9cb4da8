"""Tests of the sandbox HubSpot, driven over loopback."""
