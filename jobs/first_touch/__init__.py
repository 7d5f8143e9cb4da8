"""The first touch: its clock, what people did about it, and who is next when nobody did."""
