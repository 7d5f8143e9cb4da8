"""Tests of the settings: what is read, what is refused, and the line each mistake is reported at."""
