"""firstpath identify: a file in, a decision a line out, answers heeded, bad lines named."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mapping.playbook import shipped
from webapp.cli import firstpath

ANA = {"inquiry_id": "1", "first_name": "Ana", "last_name": "Ruiz", "email": "ana@example.com"}
ANA_AGAIN = {"inquiry_id": "2", "full_name": "ANA RUIZ", "email": "Ana@Example.com", "phone": "415 555 2671"}

OTHER = {"inquiry_id": "3", "first_name": "Marco", "last_name": "Lindqvist", "phone": "(415) 555-2671"}
#: One name at one number, born on two days: a person has to say.
MARIO = {
    "inquiry_id": "a",
    "first_name": "Mario",
    "last_name": "Okafor",
    "phone": "(512) 678-4455",
    "date_of_birth": "1961-02-03",
}
YOUNGER = {**MARIO, "inquiry_id": "b", "date_of_birth": "1988-07-09"}
UNTOLD = {**MARIO, "inquiry_id": "c", "date_of_birth": None}


@dataclass(frozen=True)
class Ran:
    """How it ended: exit code, what was printed, and the decisions by inquiry."""

    code: int
    told: str
    decisions: Mapping[str, Mapping[str, Any]]

    def cluster(self, inquiry_id: str) -> str:
        return str(self.decisions[inquiry_id]["cluster_id"])


Identify = Callable[..., Ran]


@pytest.fixture
def identify(tmp_path: Path) -> Identify:
    """Run it on these lines (objects, or text as it stands) with these answers."""

    def run(lines: Sequence[object], answers: Sequence[object] = (), playbook: str = "") -> Ran:
        names = ("in.jsonl", "out.jsonl", "answers.jsonl", "mine.toml")
        file, out, known, rules = (tmp_path / name for name in names)
        rules.write_text(playbook, "utf-8")
        file.write_bytes(_written(lines))
        known.write_bytes(_written(answers))
        arguments = [
            "identify",
            str(file),
            "--out",
            str(out),
            *(["--answers", str(known)] if answers else []),
            *(["--playbook", str(rules)] if playbook else []),
        ]
        ended = CliRunner().invoke(firstpath, arguments)
        assert ended.exception is None or isinstance(ended.exception, SystemExit)
        decided = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        return Ran(ended.exit_code, ended.output, {one["inquiry_id"]: one for one in decided})

    return run


def _written(lines: Sequence[object]) -> bytes:
    texts = (one if isinstance(one, bytes) else json.dumps(one).encode() for one in lines)
    return b"\n".join(texts)


def test_every_line_gets_a_decision_with_its_reasons(identify: Identify) -> None:
    ran = identify([ANA, ANA_AGAIN, OTHER])
    assert ran.code == 0
    assert [one["decision"] for one in ran.decisions.values()] == ["new", "same", "new"]
    assert ran.cluster("1") == ran.cluster("2") != ran.cluster("3")
    assert all(one["reasons"] for one in ran.decisions.values())
    assert "3 inquiries, 2 people: 1 recognised, 2 new, 0 for review." in ran.told


def test_reasons_hold_no_values(identify: Identify) -> None:
    ran = identify([ANA, ANA_AGAIN, OTHER, MARIO, YOUNGER])
    said = json.dumps([one["reasons"] for one in ran.decisions.values()]).lower()
    assert not [word for word in ("ana", "ruiz", "example.com", "415", "okafor", "678") if word in said]


def test_a_playbook_says_what_is_nobodys_own_and_from_how_many_bits_on(identify: Identify) -> None:
    other = {**OTHER, "email": "marco@mail.example"}
    again = {"inquiry_id": "4", "full_name": "Marco Lindqvist", "email": "marco@mail.example"}
    usual = identify([ANA, ANA_AGAIN, other, again])
    assert usual.decisions["3"]["household_id"]
    assert identify([ANA, ANA_AGAIN, other, again], playbook=shipped("mortgage_us")) == usual
    text = shipped("mortgage_us").replace('["(212) 555-0100"', '["415.555.2671"', 1)
    told = identify(
        [ANA, ANA_AGAIN, other, again], playbook=text.replace("same_from = 13 ", "same_from = 40 ")
    )
    assert told.decisions["3"]["reasons"][0] == "the playbook says that this phone is nobody's own"
    assert "household_id" not in told.decisions["3"]
    assert [one["decision"] for one in told.decisions.values()] == ["new", "review", "new", "review"]


def test_a_playbook_with_mistakes_is_refused_with_their_lines(tmp_path: Path) -> None:
    file, mine = tmp_path / "in.jsonl", tmp_path / "mine.toml"
    file.write_bytes(_written([ANA]))
    mine.write_text(shipped("mortgage_us").replace("same_from = 13 ", "same_from = 3 "), "utf-8")
    options = ["identify", str(file), "--out", str(tmp_path / "out.jsonl"), "--playbook", str(mine)]
    ended = CliRunner().invoke(firstpath, options)
    line = mine.read_text("utf-8").split("same_from = 3 ")[0].count("\n") + 1
    assert f"{mine}:{line}: identity.same_from: " in str(ended.exception)
    assert not (tmp_path / "out.jsonl").exists()
    options[3] = str(mine)
    assert "--out names a file that is read" in CliRunner().invoke(firstpath, options).output


def test_a_review_names_its_candidates_and_opens_a_cluster_meanwhile(identify: Identify) -> None:
    ran = identify([MARIO, YOUNGER])
    asked = ran.decisions["b"]
    assert (asked["decision"], asked["answer"]) == ("review", None)
    assert asked["candidates"] == [ran.cluster("a")]
    assert asked["candidate_inquiries"] == ["a"]
    assert asked["cluster_id"] != ran.cluster("a")


@pytest.mark.parametrize(
    "answer",
    [{"same_as": "a"}, {"same_as": ["c000001"]}, {"person": "p1"}],
    ids=["inquiry", "clusters", "labels"],
)
def test_an_answer_makes_them_one(identify: Identify, answer: Mapping[str, object]) -> None:
    labels = [{"inquiry_id": "a", "person": "p1"}, {"inquiry_id": "c", "person": "p1"}]
    ran = identify([MARIO, YOUNGER, UNTOLD], [*labels, {"inquiry_id": "b", **answer}])
    assert ran.code == 0
    assert ran.decisions["b"]["answer"] == "same"
    assert {ran.cluster(one) for one in "abc"} == {"c000001"}
    # The answer was known before the next line was read: nobody is asked which of two it is.
    assert ran.decisions["c"]["decision"] == "same"


@pytest.mark.parametrize("answer", [{"same_as": None}, {"same_as": []}, {"person": "p2"}])
def test_an_answer_keeps_them_apart(identify: Identify, answer: Mapping[str, object]) -> None:
    ran = identify([MARIO, YOUNGER], [{"inquiry_id": "a", "person": "p1"}, {"inquiry_id": "b", **answer}])
    assert ran.decisions["b"]["answer"] == "different"
    assert ran.cluster("a") != ran.cluster("b")


def test_a_co_borrower_is_a_person_of_the_same_household(identify: Identify) -> None:
    ran = identify([{**ANA, "co_borrower": "Bram Ruiz"}, {**ANA, "inquiry_id": "9", "first_name": "Bram"}])
    first, second = ran.decisions["1"], ran.decisions["9"]
    assert first["co_borrower"]["cluster_id"] != first["cluster_id"]
    assert first["co_borrower"]["household_id"] == first["household_id"] == second["household_id"]
    assert second["cluster_id"] != first["cluster_id"]


def test_bad_lines_are_named_and_the_others_go_on(identify: Identify) -> None:
    bad = [
        b'{"inquiry_id": "x",',
        b"[1, 2]",
        b'{"inquiry_id": "y", "email": ["a@example.com"]}',
        b'{"inquiry_id": "1", "email": "b@example.com"}',
        b'{"inquiry_id": "z", "received_at": "yesterday"}',
        b'{"inquiry_id": "\xff"}',
    ]
    ran = identify([ANA, *bad, b"", ANA_AGAIN])
    assert ran.code == 1
    assert list(ran.decisions) == ["1", "2"]
    assert ran.decisions["2"]["decision"] == "same"
    for number in range(2, 8):
        assert f"in.jsonl, line {number}: " in ran.told
    assert "example.com" not in ran.told


def test_a_mistake_in_the_answers_is_named(identify: Identify) -> None:
    ran = identify([MARIO, YOUNGER], [{"inquiry_id": "b", "same_as": "nobody"}, {"inquiry_id": "b?"}])
    assert ran.code == 1
    assert "answers.jsonl, line 2: an answer is" in ran.told
    assert 'in.jsonl, line 2: its answer names "nobody", which is nobody before it.' in ran.told
    assert ran.decisions["b"]["answer"] is None


def test_what_is_missing_or_null_does_no_harm(identify: Identify) -> None:
    ran = identify(
        [{"inquiry_id": None}, {}, {**dict.fromkeys(ANA), "postal_code": 78704, "other": {"a": 1}}]
    )
    assert ran.code == 0
    assert list(ran.decisions) == ["line 1", "line 2", "line 3"]
    assert len({ran.cluster(one) for one in ran.decisions}) == 3


def test_a_co_borrower_may_be_an_object(identify: Identify) -> None:
    with_bram = {
        **ANA,
        "co_borrower": {"first_name": "Bram", "last_name": "Ruiz", "email": "bram@example.com"},
    }
    bram = {"inquiry_id": "9", "first_name": "Bram", "last_name": "Ruiz", "email": "bram@example.com"}
    ran = identify([with_bram, bram])
    assert ran.decisions["9"]["decision"] == "same"
    assert ran.cluster("9") == ran.decisions["1"]["co_borrower"]["cluster_id"]
    bad = identify([{**ANA, "co_borrower": {"email": ["x"]}}])
    assert 'line 1: "co_borrower.email" is neither a text nor null.' in bad.told


def test_keys_that_nobody_reads_are_told(identify: Identify) -> None:
    ran = identify([{**ANA, "Email": "x@example.com"}, {**OTHER, "Email": "y@example.com", "label": 1}])
    assert ran.code == 0
    assert 'Keys that nobody reads, and in how many lines: "Email" (2), "label" (1).' in ran.told


def test_half_a_character_stops_nothing(identify: Identify) -> None:
    ran = identify(
        [b'{"inquiry_id": "1", "first_name": "Ana \\ud83d", "email": "ana@example.com"}', ANA_AGAIN]
    )
    assert ran.code == 0
    assert list(ran.decisions) == ["1", "2"]


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([{"inquiry_id": "b", "same_as": "b"}], "its answer names the inquiry itself"),
        (
            [{"inquiry_id": "b", "same_as": "a"}, {"inquiry_id": "b", "same_as": None}],
            'answers.jsonl, line 2: inquiry "b" has its answer in line 1.',
        ),
        ([{"inquiry_id": "zz", "same_as": "a"}], "Answers to what nobody asks: 1."),
    ],
)
def test_answers_that_cannot_be_meant_are_told(
    identify: Identify, answers: Sequence[object], words: str
) -> None:
    assert words in identify([MARIO, YOUNGER], answers).told


def test_the_place_of_the_result_is_looked_at_first(tmp_path: Path) -> None:
    file, answers = tmp_path / "in.jsonl", tmp_path / "answers.jsonl"
    file.write_bytes(_written([ANA]))
    answers.write_bytes(b'{"inquiry_id": "1", "same_as": null}')

    def run(out: Path) -> str:
        arguments = ["identify", str(file), "--out", str(out), "--answers", str(answers)]
        return CliRunner().invoke(firstpath, arguments).output

    assert "There is no folder" in run(tmp_path / "nowhere" / "out.jsonl")
    for read in (file, answers):
        assert "--out names a file that is read" in run(read)
    assert answers.read_bytes().startswith(b'{"inquiry_id": "1"')


def test_a_result_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    file, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    file.write_bytes(_written([ANA, OTHER]))
    out.write_text("an older result\n")
    command = [sys.executable, "-m", "webapp.cli", "identify", str(file), "--out", str(out)]

    def full_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    ended = subprocess.run(command, capture_output=True, text=True, preexec_fn=full_disk)
    assert ended.returncode == 1
    assert "File too large" in ended.stderr
    assert out.read_text() == "an older result\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_link_stays_a_link_and_its_file_gets_the_result(tmp_path: Path) -> None:
    """As /dev/stdout is one, also when it leads to an ordinary file."""
    file, link, target = tmp_path / "in.jsonl", tmp_path / "link", tmp_path / "target.jsonl"
    file.write_bytes(_written([ANA]))
    target.write_text("")
    link.symlink_to(target)
    assert CliRunner().invoke(firstpath, ["identify", str(file), "--out", str(link)]).exit_code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["inquiry_id"] == "1"
