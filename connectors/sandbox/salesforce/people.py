"""The users and queues that an org starts with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UserSeed:
    """Somebody who can sign in and own records; the username is the email."""

    email: str
    first_name: str = ""
    last_name: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class QueueSeed:
    """A queue: a Group that can own the records of some objects."""

    name: str
    developer_name: str
    objects: tuple[str, ...] = ("Lead", "Task")


INTEGRATION_USER = UserSeed("firstpath.integration@brokerage.example.com", "Firstpath", "Integration")
DEFAULT_USERS = (
    UserSeed("maya.chen@brokerage.example.com", "Maya", "Chen"),
    UserSeed("luis.ortega@brokerage.example.com", "Luis", "Ortega"),
    UserSeed("priya.shah@brokerage.example.com", "Priya", "Shah"),
    UserSeed("tom.becker@brokerage.example.com", "Tom", "Becker"),
)
DEFAULT_QUEUES = (QueueSeed("Web leads", "Web_leads"),)
