"""Every case of ours, and of the shared samples where they are: safe, right and complete."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT, SHARED_ABSENT
from tests.samples.cases import Case, read_cases
from tests.samples.grading import grade
from tests.samples.run import run_case
from tests.samples.stand import Stand

_OURS = list(read_cases(ROOT / "tests" / "cases"))
_SHARED = ROOT.parent / "shared" / "samples"
_THEIRS = list(read_cases(_SHARED)) if _SHARED.is_dir() else []


def _passes(stand: Stand, case: Case) -> None:
    judged = grade(case, run_case(stand, case))
    assert [*judged.safe, *judged.right, *judged.complete] == []


@pytest.mark.parametrize("case", _OURS, ids=lambda case: case.name)
def test_our_own_case(stand: Stand, case: Case) -> None:
    _passes(stand, case)


@pytest.mark.skipif(not _THEIRS, reason=SHARED_ABSENT)
@pytest.mark.parametrize("case", _THEIRS, ids=lambda case: case.name)
def test_a_shared_sample(stand: Stand, case: Case) -> None:
    _passes(stand, case)


def test_no_case_has_a_name_twice() -> None:
    names = [case.name for case in _OURS]
    assert len(set(names)) == len(names)
