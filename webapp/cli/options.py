"""Options that several commands share, and what they become."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from jobs.services import Services
    from jobs.settings.model import Settings

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    """--config FILE."""
    return click.option(
        "--config",
        "-c",
        type=click.Path(path_type=Path, dir_okay=False),
        default=Path("config.toml"),
        envvar="FIRSTPATH_CONFIG",
        show_default=True,
        help="The settings file.",
    )(command)


def read_settings(config: Path) -> Settings:
    """The settings. Raises click.UsageError when there is no such file, SettingsInvalid when it is wrong."""
    from jobs.settings.load import load_settings

    if not config.exists():
        raise click.UsageError(
            f"There is no {config} here. Make one with `firstpath init`, or name it with --config."
        )
    return load_settings(config, os.environ)


def connect(config: Path) -> Services:
    """The services these settings describe."""
    from jobs.services import open_services

    return open_services(read_settings(config))
