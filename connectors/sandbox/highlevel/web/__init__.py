"""The HTTP face of the sandbox: one module per part of HighLevel's API."""
