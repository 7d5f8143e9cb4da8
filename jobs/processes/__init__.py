"""Processes and threads: who does the work, what wakes them, and what they hold while they work."""
