"""From what a sender said to the canonical inquiry: each answer in its place, nothing invented."""
