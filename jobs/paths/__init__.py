"""Intake paths: as they are now, whether they are ready, and what moves them on."""
