"""Inquiries of a corpus decided by our own rules, by the code behind `firstpath identify`."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.identifying.answers import Answers
from jobs.identifying.lines import LineReader
from jobs.identifying.run import Outcome, Run
from tests.identity_corpus.corpus import Corpus
from tests.identity_corpus.scoring import Truth


@dataclass(frozen=True, slots=True)
class Decided:
    """Cluster and outcome by inquiry; asked: share of the inquiries for which a person was asked."""

    clusters: Mapping[str, str]
    outcomes: Mapping[str, Outcome]
    asked: float
    seconds: float


def decide(inquiries: Sequence[Mapping[str, str | None]], answers: Answers | None = None) -> Decided:
    """All of them in their order; answers as a person would give them, none when nobody answers."""
    run, reader = Run(answers), LineReader()
    outcomes: dict[str, Outcome] = {}
    asked = 0
    before = time.perf_counter()
    for number, fields in enumerate(inquiries, start=1):
        line = reader.read(json.dumps(fields).encode(), number)
        borrower, *others = run.hear(line)
        outcomes[line.inquiry_id] = borrower
        asked += any(one.candidates for one in (borrower, *others))
    clusters = {id_: run.cluster(one.cluster_id) for id_, one in outcomes.items()}
    return Decided(clusters, outcomes, asked / len(inquiries), time.perf_counter() - before)


def right_answers(corpus: Corpus) -> Answers:
    """What somebody who knows everybody would say."""
    answers = Answers()
    for id_, label in corpus.labels.items():
        answers.persons[id_] = label.person
        answers.co_persons[id_] = label.co_person
    return answers


def truth_of(corpus: Corpus) -> Truth:
    """The truth in the form that scoring asks for."""
    return Truth(
        persons={id_: label.person for id_, label in corpus.labels.items()},
        households={id_: frozenset((who.household,)) for id_, who in corpus.people.items()},
        first_names={
            id_: (who.first, *who.forms, *filter(None, [who.goes_by])) for id_, who in corpus.people.items()
        },
    )
