"""The stand on which all cases of a worker run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.samples.stand import Stand, open_stand


@pytest.fixture(scope="session")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """One sandbox, one door, one stand-in for vendors' APIs."""
    with open_stand(tmp_path_factory.mktemp("samples")) as opened:
        yield opened
