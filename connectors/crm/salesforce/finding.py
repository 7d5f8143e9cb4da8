"""Finds the borrowers that Salesforce already has: by link, by our key, by every email and phone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.crm.borrowers import Job
from connectors.crm.people import Person, best_match, keys_of, national_digits, same_person, spellings
from connectors.crm.salesforce.describe import ObjectInfo
from connectors.crm.salesforce.directory import Names
from connectors.crm.salesforce.modes import KEY, Mode
from connectors.crm.salesforce.queries import Question, ask
from connectors.crm.salesforce.rows import Row, emails, identity, person, phones
from connectors.crm.salesforce.soql import any_of
from connectors.crm.salesforce.transport import Transport
from mapping.crm.bundle import ContactRecord

_MERGES = 5  # how often a record may have been merged into one that was merged again


@dataclass(frozen=True, slots=True)
class Standing:
    """A borrower's record as it stands in Salesforce; adopted when somebody else made it."""

    row: Row
    adopted: bool = False
    note: str = ""
    review: str = ""
    others: tuple[str, ...] = ()


class Finder:
    """Reads persons for one delivery run. reads are the fields whose present values matter."""

    def __init__(self, transport: Transport, names: Names, mode: Mode, reads: Iterable[str] = ()) -> None:
        self._transport = transport
        self._mode = mode
        self._info = names.book.info(mode.person)
        wanted = (*identity(self._info), *mode.reads, *reads)
        self._fields = tuple(dict.fromkeys(name for name in wanted if name in self._info.fields))
        # Records that already stand for a borrower: nobody else may adopt them.
        self._claimed: set[str] = set()

    def stand(
        self, jobs: Mapping[str, Job], besides: Sequence[Question] = ()
    ) -> tuple[dict[str, Standing], list[list[Row]]]:
        """The borrowers that stand there, by our key, and the answers to the questions asked besides.

        One call, a second one when a remembered record was deleted or merged. Raises a CrmError.
        """
        links = {key: job.link for key, job in jobs.items() if job.link}
        by_id = self._by_id(links.values())
        by_identity = self._by_identity([job for job in jobs.values() if not job.link])
        answers = ask(self._transport, [*by_id, *by_identity, *besides])
        rows = [row for answer in answers[: len(by_id)] for row in answer]
        candidates = [row for answer in answers[len(by_id) : len(by_id) + len(by_identity)] for row in answer]
        present, lost = self._linked(links, rows)
        if lost:
            candidates += self._rows(self._by_identity([jobs[key] for key in lost]))
        self._claimed |= {standing.row.id for standing in present.values()}
        unknown = {key: job for key, job in jobs.items() if key not in present}
        present |= self._recognised(unknown, candidates)
        return present, answers[len(by_id) + len(by_identity) :]

    def matched(
        self, borrowers: Mapping[str, ContactRecord], ids: Mapping[str, Sequence[str]]
    ) -> dict[str, Standing]:
        """Which of the records that a duplicate rule named, by our key, are the borrowers themselves."""
        rows = {row.id[:15]: row for row in self._rows(self._by_id(i for some in ids.values() for i in some))}
        found = {}
        for key, some in ids.items():
            named = [row for i in some if (row := rows.get(i[:15])) and not row.flag("IsDeleted")]
            standing = self._best(borrowers[key], named)
            if standing is not None and self._claim(standing):
                found[key] = standing
        return found

    def holder(self, borrower: ContactRecord, remote_id: str) -> Standing | None:
        """The record that holds a unique value of the borrower's, when it is the borrower's own."""
        for row in self._rows(self._by_id([remote_id])):
            if not row.flag("IsDeleted") and same_person(borrower, person(row, self._info)):
                ours = row.text(KEY) in keys_of(borrower)
                standing = Standing(row, not ours, "our key" if ours else "a unique value in common")
                return standing if self._claim(standing) else None
        return None

    def release(self, standing: Standing) -> None:
        """The record may be found anew."""
        self._claimed.discard(standing.row.id)

    def _linked(self, links: Mapping[str, str], rows: list[Row]) -> tuple[dict[str, Standing], list[str]]:
        """(who stands there, whose record is gone); merges are followed to the survivor."""
        known = {row.id[:15]: row for row in rows}
        for _ in range(_MERGES):
            masters = {row.text("MasterRecordId") for row in known.values() if row.flag("IsDeleted")} - {""}
            missing = [master for master in sorted(masters) if master[:15] not in known]
            if not missing:
                break
            known |= {row.id[:15]: row for row in self._rows(self._by_id(missing))}
        present: dict[str, Standing] = {}
        for key, link in links.items():
            row = known.get(link[:15])
            for _ in range(_MERGES):
                if row is not None and row.flag("IsDeleted"):
                    row = known.get(row.text("MasterRecordId")[:15])
            if row is not None and not row.flag("IsDeleted"):
                moved = row.id[:15] != link[:15]
                present[key] = Standing(row, note="merged in Salesforce" if moved else "")
        return present, [key for key in links if key not in present]

    def _recognised(self, jobs: Mapping[str, Job], rows: Iterable[Row]) -> dict[str, Standing]:
        index = _Index({row.id: row for row in rows}.values(), self._info)
        found: dict[str, Standing] = {}
        for key, job in jobs.items():
            standing = self._best(job.borrower, index.near(job.borrower))
            if standing is not None:
                found[key] = standing
        # Whoever carries a borrower's key is that borrower's, before anybody is adopted.
        certain = sorted(found, key=lambda key: found[key].adopted)
        return {key: found[key] for key in certain if self._claim(found[key])}

    def _best(self, borrower: ContactRecord, rows: Sequence[Row]) -> Standing | None:
        """The borrower's record; of those without our key a converted lead only when no other matches."""
        known = {row.id: row for row in rows}
        ours = [row for key in keys_of(borrower) for row in rows if row.text(KEY) == key]
        of_others = [row for row in rows if not row.text(KEY)]
        converted = [row for row in of_others if row.flag("IsConverted")]
        for some in (ours, [row for row in of_others if row not in converted], converted):
            match = best_match(borrower, (person(row, self._info) for row in some))
            if match is not None:
                row = known[match.id]
                review = self._review(match.id, match.others) if match.others else ""
                return Standing(row, row.text(KEY) not in keys_of(borrower), match.why, review, match.others)
        return None

    def _claim(self, standing: Standing) -> bool:
        free = standing.row.id not in self._claimed
        self._claimed.add(standing.row.id)
        return free

    def _review(self, used: str, others: tuple[str, ...]) -> str:
        kind = self._mode.person.lower()
        return (
            f"{len(others) + 1} {kind}s match in Salesforce: {used} was used, the best and oldest. Merge it "
            f"with {', '.join(others)} if they are one person."
        )

    def _rows(self, questions: Sequence[Question]) -> list[Row]:
        return [row for answer in ask(self._transport, questions) for row in answer]

    def _by_id(self, ids: Iterable[str]) -> list[Question]:
        wanted = {"Id": tuple(dict.fromkeys(ids))}
        return [Question(s, deleted=True) for s in any_of(self._fields, self._mode.person, wanted)]

    def _by_identity(self, jobs: Sequence[Job]) -> list[Question]:
        people = [job.borrower for job in jobs]
        spelled = [way for one in people for phone in one.phones for way in spellings(phone)]
        wanted: dict[str, Sequence[str]] = {KEY: [key for one in people for key in keys_of(one)]}
        wanted |= {
            name: [email.lower() for one in people for email in one.emails] for name in emails(self._info)
        }
        wanted |= dict.fromkeys(phones(self._info), spelled)
        persons = "IsPersonAccount = true" if self._mode.name == "person_account" else ""
        statements = any_of(self._fields, self._mode.person, wanted, and_where=persons)
        return [Question(statement) for statement in statements]


class _Index:
    """Rows by what tells people apart, so that a borrower is compared only with who comes near."""

    def __init__(self, rows: Iterable[Row], info: ObjectInfo) -> None:
        self._by: dict[str, dict[str, Row]] = {}
        for row in rows:
            for word in _words(person(row, info)):
                self._by.setdefault(word, {})[row.id] = row

    def near(self, borrower: ContactRecord) -> list[Row]:
        """The rows that share the key, an email or a phone with the borrower."""
        found: dict[str, Row] = {}
        for key in keys_of(borrower):
            for word in _words(Person("", key, borrower.emails, borrower.phones)):
                found |= self._by.get(word, {})
        return list(found.values())


def _words(someone: Person) -> list[str]:
    keys = [f"key {someone.key}"] if someone.key else []
    mails = [f"email {email.strip().casefold()}" for email in someone.emails]
    return keys + mails + [f"phone {d}" for p in someone.phones if (d := national_digits(p))]
