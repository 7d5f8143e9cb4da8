"""The faces: HTTP intake, the desk, the command line."""
