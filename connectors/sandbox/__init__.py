"""Local stand-ins for the CRMs, for trying out, for tests and for faults."""
