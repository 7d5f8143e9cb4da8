"""Everything that speaks to the outside: ways in, CRMs, and local stand-ins for them."""
