"""The command line, run in this process as a shell would run it: a start of Python costs more."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from webapp.cli import main


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it told."""

    code: int
    out: str
    err: str


Run = Callable[..., Told]


def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run firstpath with these arguments, in the folder and the environment of this process."""

    def call(*arguments: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["firstpath", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        code = ended.value.code
        return Told(code if isinstance(code, int) else 0, told.out, told.err)

    return call
