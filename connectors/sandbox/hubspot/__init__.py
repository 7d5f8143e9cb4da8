"""A stand-in for HubSpot's HTTP API on loopback: stateful, with its rules, limits and faults."""

from connectors.sandbox.hubspot.options import OptionsError, SandboxOptions
from connectors.sandbox.hubspot.owners import OwnerSeed
from connectors.sandbox.hubspot.server import RunningSandbox, serve, start

__all__ = ["OptionsError", "OwnerSeed", "RunningSandbox", "SandboxOptions", "serve", "start"]
