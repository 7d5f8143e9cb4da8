"""The demonstration: a brokerage, its CRM and its visitors, all on this machine."""
