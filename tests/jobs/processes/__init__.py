"""Tests of processes, threads and bells."""
