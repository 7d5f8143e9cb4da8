"""Ready-to-send messages: templates filled with words that a loan officer may sign."""
