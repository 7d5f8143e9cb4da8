"""A stand-in for HighLevel's HTTP API on loopback: stateful, with its rules, limits and faults."""

from connectors.sandbox.highlevel.options import OptionsError, SandboxOptions
from connectors.sandbox.highlevel.pipelines import PipelineSeed
from connectors.sandbox.highlevel.server import RunningSandbox, serve, start
from connectors.sandbox.highlevel.users import UserSeed
from connectors.sandbox.highlevel.workflows import WorkflowSeed

__all__ = [
    "OptionsError",
    "PipelineSeed",
    "RunningSandbox",
    "SandboxOptions",
    "UserSeed",
    "WorkflowSeed",
    "serve",
    "start",
]
