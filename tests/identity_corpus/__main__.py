"""python -m tests.identity_corpus [--seed 1] [--out FOLDER] [--wrong]: how our rules do on the corpus.

With --out the inquiries and the right answers are written there, for `firstpath identify`; with --wrong every
person who was put together with another is shown, with what was decided about each inquiry.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.identity_corpus.corpus import PEOPLE, Corpus, generate, rates
from tests.identity_corpus.deciding import Decided, decide, right_answers, truth_of
from tests.identity_corpus.scoring import score, wrong_pairs


def main() -> None:
    """Print figures, or write files."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--people", type=int, default=PEOPLE)
    options.add_argument("--out", type=Path)
    options.add_argument("--wrong", action="store_true")
    asked = options.parse_args()
    corpus = generate(asked.seed, asked.people)
    print(f"{len(corpus.inquiries)} inquiries; returning ones have in common: {_rounded(rates(corpus))}")
    if asked.out:
        _write(corpus, asked.out)
    for name, answers in (("unattended", None), ("answered", right_answers(corpus))):
        decided = decide(corpus.inquiries, answers)
        found = score(decided.clusters, truth_of(corpus))
        print(
            f"{name}: precision {found.precision:.4f}, recall {found.recall:.4f}, "
            f"reviews {decided.asked:.4f}, "
            f"wrong merges {found.wrong_merges} (across {found.across}, unlike {found.unlike}), "
            f"{decided.seconds:.1f} s"
        )
        if asked.wrong and answers is None:
            for pair in wrong_pairs(decided.clusters, truth_of(corpus)):
                _show(corpus, decided, pair)


def _rounded(shares: dict[str, float]) -> str:
    return ", ".join(f"{kind} {share:.3f}" for kind, share in shares.items())


def _show(corpus: Corpus, decided: Decided, pair: tuple[str, str]) -> None:
    print(f"  {pair}")
    for fields in corpus.inquiries:
        id_ = str(fields["inquiry_id"])
        if corpus.labels[id_].person in pair:
            one = decided.outcomes[id_]
            said = {key: text for key, text in fields.items() if text}
            print(f"    {one.verdict} {decided.clusters[id_]} {'; '.join(one.reasons)}\n      {said}")


def _write(corpus: Corpus, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "inquiries.jsonl").open("w", encoding="utf-8") as opened:
        opened.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in corpus.inquiries)
    with (folder / "answers.jsonl").open("w", encoding="utf-8") as opened:
        for id_, label in corpus.labels.items():
            line = {"inquiry_id": id_, "person": label.person, "co_person": label.co_person or None}
            opened.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
