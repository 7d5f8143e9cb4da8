"""Invented mortgage inquiries with the truth about who sent them, for measuring identity decisions."""
