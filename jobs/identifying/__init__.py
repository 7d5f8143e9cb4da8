"""Identity tried on a file of inquiries: the rules of live processing, on an empty store in memory."""
