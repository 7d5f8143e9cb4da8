"""What must never be kept, found and taken out, and what may be shown of the rest."""
