"""Plans of open inquiries: looked at in time, put into the CRMs, called off."""
