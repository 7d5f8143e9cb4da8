"""Real servers and a real browser for tests: started on demand, stopped at the end."""
