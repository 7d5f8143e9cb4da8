"""What arrives is taken in: verified, scrubbed, stored, and read into its parts."""
