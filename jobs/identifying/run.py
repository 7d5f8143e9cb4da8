"""A file of inquiries in their order of arrival: who each is from, and what became of the questions."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from jobs.deciding.recognise import MOST_CANDIDATES, Recognised
from jobs.identifying.answers import Answers
from jobs.identifying.lines import Line
from jobs.identifying.register import Register
from mapping.identity import IdentityRules, Verdict
from mapping.people.survivorship import Survivorship


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was decided about one person in an inquiry; cluster ids as they were then, see Run.cluster.

    answer is "" when nobody was asked or nobody answered, "same" or "different"; mistake says what is wrong
    with an answer that names nobody.
    """

    verdict: Verdict
    cluster_id: str
    candidates: tuple[str, ...]
    reasons: tuple[str, ...]
    answer: str = ""
    mistake: str = ""


class Run:
    """The store, and the inquiries heard so far."""

    def __init__(
        self,
        answers: Answers | None = None,
        rules: IdentityRules | None = None,
        survivorship: Survivorship | None = None,
    ) -> None:
        self._register = Register(rules or IdentityRules(), survivorship or Survivorship())
        self._answers = answers or Answers()
        self._cluster_of: dict[str, str] = {}  # inquiry → cluster, as decided
        self._first_inquiry: dict[str, str] = {}  # cluster → the inquiry that opened it
        self._persons: dict[str, Counter[str]] = {}  # cluster → who is in it, as far as the answers know
        self._unasked = set(self._answers.same_as)

    def hear(self, line: Line) -> list[Outcome]:
        """Decide one inquiry, borrower first; reviews are answered before the next inquiry is heard."""
        id_, recognised = line.inquiry_id, self._register.hear(line.inquiry)
        self._cluster_of[id_] = recognised[0].borrower.id
        persons = (self._answers.persons.get(id_, ""), self._answers.co_persons.get(id_, ""))
        asked = list(zip(recognised, persons, strict=False))
        for one, person in asked:
            self._first_inquiry.setdefault(one.borrower.id, id_)
            if person:
                self._persons.setdefault(one.borrower.id, Counter())[person] += 1
        named = (self._answers.same_as.get(id_), None)
        if recognised[0].identity.matches:
            self._unasked.discard(id_)
        return [self._outcome(one, person, names) for (one, person), names in zip(asked, named, strict=False)]

    def cluster(self, cluster_id: str) -> str:
        """The id that this cluster has after every merge so far."""
        return self._register.current(cluster_id)

    @property
    def unasked(self) -> int:
        """How many answers that name somebody were for inquiries about which nobody is asked."""
        return len(self._unasked)

    def household(self, cluster_id: str) -> str:
        """The household that the cluster belongs to, "" for none."""
        return self._register.get(cluster_id).household_id

    def inquiry_in(self, cluster_id: str) -> str:
        """The inquiry that opened the cluster."""
        return self._first_inquiry[cluster_id]

    def _outcome(self, one: Recognised, person: str, names: tuple[str, ...] | None) -> Outcome:
        id_, told = one.borrower.id, one.identity
        candidates = told.candidates[:MOST_CANDIDATES]
        outcome = Outcome(told.verdict, id_, candidates, told.reasons)
        if not candidates:
            return outcome
        unknown = [name for name in names or () if not self._register.knows(self._cluster(name))]
        if unknown:
            return replace(outcome, mistake=f'its answer names "{unknown[0]}", which is nobody before it.')
        named = [*map(self._cluster, names or ())]
        if told.verdict is Verdict.SAME:
            # Of who was recognised already, the answer may name any inquiry.
            named = [name for name in named if self.cluster(name) != id_]
        if id_ in map(self.cluster, named):
            return replace(
                outcome, mistake="its answer names the inquiry itself. Name one before it, or null."
            )
        same = self._same(person, candidates) if names is None else named
        if same is not None:
            self._settle(id_, candidates, same)
        return replace(outcome, answer="" if same is None else "same" if same else "different")

    def _same(self, person: str, candidates: tuple[str, ...]) -> list[str] | None:
        """The candidates who are this person by the answers; None when they do not say."""
        known = [one for one in candidates if person and self._person(one)]
        return [one for one in known if self._person(one) == person] if known else None

    def _cluster(self, name: str) -> str:
        """The cluster that an answer names by one of its inquiries, or by its id."""
        return self._cluster_of.get(name, name)

    def _person(self, cluster_id: str) -> str:
        """Most of the inquiries in the cluster are this person's, by the answers; "" when they do not say."""
        most = self._persons.get(self._register.current(cluster_id), Counter[str]()).most_common(1)
        return most[0][0] if most else ""

    def _settle(self, opened: str, candidates: tuple[str, ...], same: list[str]) -> None:
        for other in same:
            self._merge(other, opened)
        for other in candidates:
            if self.cluster(other) != self.cluster(opened):
                self._register.tell_apart(opened, other)

    def _merge(self, kept: str, other: str) -> None:
        kept, other = sorted((self._register.current(kept), self._register.current(other)))
        if kept != other:
            self._register.merge(kept, other)
            self._persons.setdefault(kept, Counter()).update(self._persons.pop(other, {}))
