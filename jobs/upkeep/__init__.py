"""What is done to rows that lie in the ledger: forgotten in time, sealed anew, given keys."""
