"""What can be set: one TOML file and the environment, read once into one frozen object."""
