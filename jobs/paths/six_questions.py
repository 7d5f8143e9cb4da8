"""The six questions every path has to answer before it may go live, and how each one is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connectors.intake.registry import ADAPTERS
from jobs.paths.evidence import MOST_COUNTED, CrmEvidence, Evidence
from jobs.paths.field_mapping import AskedQuestion
from jobs.paths.rehearsal import Rehearsed
from jobs.settings.model import PathSettings
from mapping.crm.fields import humanised

Verdict = Literal["ok", "attention", "missing"]


@dataclass(frozen=True, slots=True)
class PathAnswer:
    """One of the six: what is known, whether that is enough, and what of it keeps the path from going live.

    facts are short lines (what, how much); sentence says why the verdict is what it is.
    """

    key: str
    question: str
    verdict: Verdict
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    blocks_live: tuple[str, ...] = ()


def answer(seen: Evidence, asked: Sequence[AskedQuestion]) -> tuple[PathAnswer, ...]:
    """All six, in their order."""
    told = [one for one in seen.rehearsed if one.telling]
    whole = [one for one in told if not one.problem]
    return (
        _arrives(seen, told),
        _goes(seen),
        _owner(seen, whole),
        _missing(told, whole, asked),
        _task(seen, whole),
        _follow_up_seen(seen),
    )


def way_in_problems(path: PathSettings) -> Iterator[str]:
    """Why nothing could arrive."""
    adapter = ADAPTERS.get(path.kind)
    if adapter is None:
        yield f"The settings name a way in that does not exist here: {path.kind}."
    elif adapter.signs and not path.secret:
        yield "Its sender signs what it sends, and no secret is set to check it with."


def _arrives(seen: Evidence, told: Sequence[Rehearsed]) -> PathAnswer:
    question = "How does it arrive?"
    counts = seen.arrived
    more = "+" if seen.total >= MOST_COUNTED else ""
    aside = counts.get("quarantined", 0)
    facts = (
        ("Last 30 days", f"{seen.total:,}{more} submissions"),
        *((f"of them {state}", f"{count:,}") for state, count in sorted(counts.items()) if count),
    )
    problems = tuple(way_in_problems(seen.path))
    if problems:
        return PathAnswer("arrives", question, "missing", " ".join(problems), facts)
    if seen.last_at is None:
        return PathAnswer("arrives", question, "missing", "Nothing has arrived on this path yet.", facts)
    unread = sum(one.answers is None for one in told)
    if unread:
        sentence = f"{unread} of the last {len(told)} submissions could not be read."
        blocks = (f"{sentence} Look at them in the quarantine.",) if 2 * unread > len(told) else ()
        return PathAnswer("arrives", question, "attention", sentence, facts, blocks)
    if aside:
        sentence = f"Submissions arrive; {aside:,} of the last 30 days wait in quarantine."
        return PathAnswer("arrives", question, "attention", sentence, facts)
    return PathAnswer("arrives", question, "ok", "Submissions arrive and can be read.", facts)


def _goes(seen: Evidence) -> PathAnswer:
    question = "Where does it go?"
    if not seen.crms:
        return PathAnswer("goes", question, "missing", "The path leads to no CRM.")
    facts = tuple((one.name, _crm_words(one)) for one in seen.crms)
    problems = [problem for one in seen.crms for problem in _crm_problems(one)]
    if problems:
        return PathAnswer("goes", question, "missing", problems[0], facts, tuple(problems))
    unproven = [one for one in seen.crms if one.checked is None and not _sent(seen)]
    if unproven:
        sentence = "The CRM was not asked lately whether it is ready. Going live asks it first."
        return PathAnswer("goes", question, "attention", sentence, facts)
    return PathAnswer("goes", question, "ok", "The CRM takes what the playbook writes.", facts)


def _sent(seen: Evidence) -> int:
    return seen.deliveries.get("delivered", 0)


def _crm_words(one: CrmEvidence) -> str:
    if one.state.state != "ok":
        return one.state.reason or one.state.state
    if one.checked is None:
        return "works, as far as is known"
    return "checked: ready" if not one.checked.problems else "checked: not ready"


def _crm_problems(one: CrmEvidence) -> Iterator[str]:
    if not one.mapped:
        yield f"The playbook has no section for {one.name}."
    if one.state.state in ("paused", "down"):
        yield f"{one.name} is not connected: {one.state.reason or one.state.state}"
    if one.checked is not None and one.checked.problems:
        yield from (f"{one.name}: {problem}" for problem in one.checked.problems)


def _owner(seen: Evidence, whole: Sequence[Rehearsed]) -> PathAnswer:
    question = "Who owns it?"
    facts = tuple((name or "Nobody", f"{count:,}") for name, count in _most(seen.owners))
    if not whole:
        return PathAnswer("owner", question, "missing", "No inquiry to decide on yet.", facts)
    held = [one for one in whole if one.owner is not None and one.owner.method == "held"]
    nobody = [one for one in whole if one.owner is not None and not one.owner.owner]
    of = f"of the last {len(whole)}"
    if nobody or 2 * len(held) > len(whole):
        count = len(nobody) or len(held)
        where = ", ".join(sorted({one.inquiry.property.state for one in held if one.inquiry}) or ["-"])
        sentence = f"The owner is held for {count} {of}: nobody in the team is licensed there ({where})."
        remedy = "Add a licence or a fallback owner to the playbook."
        return PathAnswer("owner", question, "missing", sentence, facts, (f"{sentence} {remedy}",))
    unsure = [one for one in whole if one.inquiry is not None and not one.inquiry.property.state]
    if held or unsure:
        said = [f"{len(held)} {of} went to the queue: nobody is licensed there."] if held else []
        said += [f"For {len(unsure)} {of} the state is unknown: licences were not checked."] if unsure else []
        return PathAnswer("owner", question, "attention", " ".join(said), facts)
    return PathAnswer("owner", question, "ok", f"A licensed owner for all {len(whole)} {of[7:]}.", facts)


def _missing(
    told: Sequence[Rehearsed], whole: Sequence[Rehearsed], asked: Sequence[AskedQuestion]
) -> PathAnswer:
    question = "Which fields are missing?"
    lacks = Counter(name for one in whole for name in one.missing)
    facts = tuple((humanised(name), f"not given in {count} of {len(whole)}") for name, count in _most(lacks))
    if not told:
        return PathAnswer("missing", question, "missing", "Nothing to read yet.", facts)
    unreachable = sum(one.code == "no_contact" for one in told)
    open_ = [one for one in asked if one.open]
    blocks = []
    if 2 * unreachable >= len(told):
        blocks.append(
            f"{unreachable} of the last {len(told)} have no email address and no phone number: "
            "map the question that asks for one."
        )
    if open_:
        names = ", ".join(f"“{(one.label or one.key)[:40]}”" for one in open_[:4])
        more = f" and {len(open_) - 4} more" if len(open_) > 4 else ""
        plural = "questions are" if len(open_) > 1 else "question is"
        blocks.append(f"{len(open_)} {plural} not mapped: {names}{more}. Say what each means.")
    facts = (("Can be reached", f"{len(told) - unreachable} of {len(told)}"), *facts)
    if blocks:
        return PathAnswer("missing", question, "missing", blocks[0], facts, tuple(blocks))
    if unreachable or lacks:
        often, count = _most(lacks)[0] if lacks else ("contact", unreachable)
        sentence = (
            f"{humanised(often)} was not given in {count} of the last {len(told)}: the task asks for it."
        )
        return PathAnswer("missing", question, "attention", sentence, facts)
    return PathAnswer("missing", question, "ok", "Every question is mapped and nothing is missing.", facts)


def _task(seen: Evidence, whole: Sequence[Rehearsed]) -> PathAnswer:
    question = "Which task is created?"
    planned = Counter(
        (one.plan.channel, one.plan.purpose) for one in whole if one.plan is not None
    ) or Counter(seen.tasks)
    facts = tuple(
        (humanised(channel), f"{humanised(purpose).lower()}, {count:,} times")
        for (channel, purpose), count in planned.most_common(6)
    )
    if not planned:
        return PathAnswer("task", question, "missing", "No inquiry to plan a follow-up for yet.", facts)
    without = sum(one.plan is None for one in whole)
    if without:
        sentence = f"{without} of the last {len(whole)} would get no follow-up."
        return PathAnswer("task", question, "missing", sentence, facts, (sentence,))
    example = next((one.plan for one in whole if one.plan is not None), None)
    sentence = f"A dated task for each. {example.reason}" if example else "A dated task for each."
    return PathAnswer("task", question, "ok", sentence, facts)


def _follow_up_seen(seen: Evidence) -> PathAnswer:
    question = "Where is follow-up seen?"
    words = {"delivered": "In the CRM", "due": "On the way", "leased": "On the way", "dead": "Failed",
             "shadow": "Shown here, not written"}  # fmt: skip
    facts = tuple((words.get(state, state), f"{count:,}") for state, count in sorted(seen.deliveries.items()))
    if not seen.crms:
        return PathAnswer("seen", question, "missing", "Without a CRM nobody sees the task.", facts)
    failed, sent = seen.deliveries.get("dead", 0), _sent(seen)
    if failed:
        sentence = f"{failed} of the last {sum(seen.deliveries.values())} did not arrive: see Sync errors."
        return PathAnswer("seen", question, "attention", sentence, facts)
    if sent:
        return PathAnswer("seen", question, "ok", "As a task on the contact and deal in the CRM.", facts)
    if seen.deliveries.get("shadow"):
        sentence = "In shadow: below is what would be written, task included; in the CRM once it is live."
        return PathAnswer("seen", question, "ok", sentence, facts)
    return PathAnswer("seen", question, "missing", "No contact, deal and task were made ready yet.", facts)


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:6]
