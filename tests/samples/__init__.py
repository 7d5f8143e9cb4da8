"""Runs folders of intake cases through the real door and grades them: python -m tests.samples DIR."""
