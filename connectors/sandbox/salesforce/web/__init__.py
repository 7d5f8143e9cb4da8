"""The REST resources: what each path under /services answers."""
