"""The page behind an application link: where it leads, and what it asks before."""
