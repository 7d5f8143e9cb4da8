"""Tests of Firstpath; the folders mirror the rooms."""
