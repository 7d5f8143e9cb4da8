"""One module per way in: bytes and headers become answers; signatures are verified."""
