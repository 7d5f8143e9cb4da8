"""When somebody works and when a borrower may be called: windows, zones, places and holidays."""
