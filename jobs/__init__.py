"""The engine: what is stored, in which order things happen, what is retried."""
