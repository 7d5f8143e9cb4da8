"""A stand-in for Salesforce's REST API on loopback: stateful, with its rules, limits and faults."""

from connectors.sandbox.options import OptionsError
from connectors.sandbox.salesforce.objects import RecordTypeSeed
from connectors.sandbox.salesforce.options import SandboxOptions
from connectors.sandbox.salesforce.people import QueueSeed, UserSeed
from connectors.sandbox.salesforce.server import RunningSandbox, serve, start
from connectors.sandbox.salesforce.stages import StageSeed

__all__ = [
    "OptionsError",
    "QueueSeed",
    "RecordTypeSeed",
    "RunningSandbox",
    "SandboxOptions",
    "StageSeed",
    "UserSeed",
    "serve",
    "start",
]
