"""Whether the people of a playbook fit each other: team, owner rules, partners and the duty roster."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from mapping.playbook.faults import Fault
from mapping.playbook.lines import Path
from mapping.playbook.team import ANY_PARTNER
from mapping.playbook.values import is_email

Finding = tuple[Path, Fault]

#: Conditions of a rule that are lists of words, each met by any of them.
_LISTS = ("type", "state", "path", "source", "language", "campaign", "partner", "partner_kind")
_KEYS = {"name", "assign", "amount_from", "amount_to", *_LISTS}
_IN_SMALL_LETTERS = ("source", "language", "campaign", "partner")


def team_mistakes(data: Mapping[str, Any]) -> Iterator[Finding]:
    """Every contradiction; parts of the wrong shape are the schema's business."""
    yield from _team(data)
    yield from _partners(data)
    yield from _unknown_members(data)
    for index, rule in enumerate(rows(data.get("owner_rules"))):
        yield from _nobody_may(data, index, rule)
        yield from _covered(data, index, rule)
        yield from _unknown_partners(data, index, rule)
    yield from _duty(data)


def rows(value: Any) -> list[dict[str, Any]]:
    """The tables of an array of tables; one of another shape counts as empty."""
    listed = value if isinstance(value, list) else []
    return [row if isinstance(row, dict) else {} for row in listed]


def words(value: Any) -> list[str]:
    """The texts of a list."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def table(value: Any) -> dict[str, Any]:
    """A table; anything else counts as empty."""
    return value if isinstance(value, dict) else {}


def emails(data: Mapping[str, Any]) -> list[str]:
    """The addresses of the team, in lower case."""
    return [str(member.get("email", "")).strip().casefold() for member in rows(data.get("team"))]


def _team(data: Mapping[str, Any]) -> Iterator[Finding]:
    if data.get("team") == []:
        yield ("team",), Fault("the team has no members", "Add a [[team]] table for each loan officer.")
    seen: dict[str, int] = {}
    for index, email in enumerate(emails(data)):
        first = seen.setdefault(email, index)
        if email and first != index:
            message = f"this member has the address of team.{first}"
            yield ("team", index, "email"), Fault(message, "Give each member an address, once.")
    for index, member in enumerate(rows(data.get("team"))):
        own = member.get("hours")
        if isinstance(own, dict) and not any(own.values()):
            remedy = "Add hours, remove the table to use the office's, or set paused = true."
            yield ("team", index, "hours"), Fault("this member never works", remedy)


def _partners(data: Mapping[str, Any]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, partner in enumerate(rows(data.get("partners"))):
        for position, address in enumerate(words(partner.get("email"))):
            first = seen.setdefault(address.strip().casefold(), index)
            if first != index:
                fault = Fault(f"partners.{first} has this address too", "Leave it with one of the two.")
                yield ("partners", index, "email", position), fault


def _unknown_members(data: Mapping[str, Any]) -> Iterator[Finding]:
    team = emails(data)
    strangers = [
        (path, written.strip(), message)
        for path, written, message in _mentions(data)
        if isinstance(written, str) and written.strip() and written.strip().casefold() not in team
    ]
    excused = _members_with_a_mistake({written.casefold() for _, written, _ in strangers}, team)
    for path, written, message in strangers:
        if written.casefold() not in excused:
            yield path, Fault(message, _nearest_member(written, team))


def _members_with_a_mistake(strangers: Collection[str], team: list[str]) -> set[str]:
    """Whoever is named may be the member whose own address has the mistake, which is told already.

    As many as there are such members, those first who are least like anybody else in the team.
    """
    wrong = sum(not is_email(email) or email in team[:index] for index, email in enumerate(team))
    names = [email.partition("@")[0] for email in team if is_email(email)]

    def likeness(stranger: str) -> float:
        name = stranger.partition("@")[0]
        return max((SequenceMatcher(None, name, known).ratio() for known in names), default=0.0)

    return set(sorted(strangers, key=lambda one: (likeness(one), one))[:wrong])


def _mentions(data: Mapping[str, Any]) -> Iterator[tuple[Path, Any, str]]:
    """Every place that names a member, and what is wrong with a name that is nobody's."""
    for index, rule in enumerate(rows(data.get("owner_rules"))):
        for position, email in enumerate(words(rule.get("assign"))):
            path: Path = ("owner_rules", index, "assign", position)
            yield path, email, "the rule assigns to somebody who is not in the team"
    for index, shift in enumerate(rows(table(data.get("owners")).get("duty"))):
        for position, email in enumerate(words(shift.get("members"))):
            path = ("owners", "duty", index, "members", position)
            yield path, email, "somebody is on duty who is not in the team"
    for index, partner in enumerate(rows(data.get("partners"))):
        path = ("partners", index, "owner")
        yield path, partner.get("owner"), "the partner's loan officer is not in the team"


def _nearest_member(email: str, team: list[str]) -> str:
    close = get_close_matches(email.casefold(), team, n=1)
    if close:
        return f"Write the address of team.{team.index(close[0])}, or add the person to the team."
    return "Write the address of a member, or add the person to the team."


def _nobody_may(data: Mapping[str, Any], index: int, rule: Mapping[str, Any]) -> Iterator[Finding]:
    """A rule for places in which none of its members is licensed, or for types that none of them takes."""
    assigned = {email.strip().casefold() for email in words(rule.get("assign"))}
    members = [
        one for one, email in zip(rows(data.get("team")), emails(data), strict=True) if email in assigned
    ]
    if len(members) < len(assigned) or not members:
        return  # somebody unknown is told already
    states, licensed = words(rule.get("state")), [table(one.get("licences")) for one in members]
    if states and not any(state in licences for state in states for licences in licensed):
        remedy = "Add the licences to the team, or assign to somebody who has one."
        yield ("owner_rules", index, "state"), Fault("nobody this rule names is licensed there", remedy)
    types = words(rule.get("type"))
    if types and all(one.get("types") and not set(types) & set(words(one["types"])) for one in members):
        remedy = "Add the type to a member's types, or assign to somebody who takes it."
        yield ("owner_rules", index, "type"), Fault("nobody this rule names takes these inquiries", remedy)


def _covered(data: Mapping[str, Any], index: int, rule: Mapping[str, Any]) -> Iterator[Finding]:
    for earlier, other in enumerate(rows(data.get("owner_rules"))[:index]):
        if rule and other and _covers(other, rule):
            message = f"this rule never decides: owner_rules.{earlier} takes all of its inquiries before"
            yield (
                ("owner_rules", index, "name"),
                Fault(message, "Move it before that rule, or remove one of the two."),
            )
            return


def _covers(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    """Whether whatever meets the later rule meets the earlier one as well.

    A condition with a mistake is told by itself; what its rule takes is not known until it is corrected.
    """
    if not earlier.keys() <= _KEYS or any(not _is_list_of_words(earlier.get(name, [])) for name in _LISTS):
        return False
    return all(_list_covers(name, earlier, later) for name in _LISTS) and _range_covers(earlier, later)


def _list_covers(name: str, earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    wide, narrow = _condition(name, earlier), _condition(name, later)
    if not wide:
        return True
    if name == "partner" and ANY_PARTNER in wide:
        return bool(narrow or _condition("partner_kind", later))
    return bool(narrow) and narrow <= wide


def _is_list_of_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _condition(name: str, rule: Mapping[str, Any]) -> set[str]:
    found = {one.strip() for one in words(rule.get(name))}
    return {one.casefold() for one in found} if name in _IN_SMALL_LETTERS else found


def _range_covers(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> bool:
    low, high = _amount(earlier, "amount_from"), _amount(earlier, "amount_to")
    least, most = _amount(later, "amount_from"), _amount(later, "amount_to")
    above = low is None or (least is not None and least >= low)
    below = high is None or (most is not None and most <= high)
    return above and below


def _amount(rule: Mapping[str, Any], name: str) -> float | None:
    value = rule.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _unknown_partners(data: Mapping[str, Any], index: int, rule: Mapping[str, Any]) -> Iterator[Finding]:
    partners = rows(data.get("partners"))
    names = [str(one.get("name", "")).strip() for one in partners]
    known = {ANY_PARTNER, *(name.casefold() for name in names)}
    for position, written in enumerate(words(rule.get("partner"))):
        if "@" not in written and written.strip().casefold() not in known:
            fault = Fault("there is no partner of this name", _nearest_partner(written, names))
            yield ("owner_rules", index, "partner", position), fault
    kinds = words(rule.get("partner_kind"))
    if kinds and not any(str(one.get("kind", "other")) in kinds for one in partners):
        remedy = "Add [[partners]] of that kind, or remove the condition."
        yield ("owner_rules", index, "partner_kind"), Fault("no partner is of this kind", remedy)


def _nearest_partner(written: str, names: Sequence[str]) -> str:
    close = get_close_matches(written, names, n=1)
    if close:
        return f"Write the name of partners.{names.index(close[0])}."
    return 'Add it as [[partners]], or write an address, "@" and a domain, or "any".'


def _duty(data: Mapping[str, Any]) -> Iterator[Finding]:
    for index, shift in enumerate(rows(table(data.get("owners")).get("duty"))):
        path: Path = ("owners", "duty", index)
        if shift.get("members") == []:
            fault = Fault("nobody is on duty in this shift", "Name at least one member.")
            yield (*path, "members"), fault
        hours = shift.get("hours")
        if isinstance(hours, dict) and not any(hours.values()):
            yield (*path, "hours"), Fault("this shift never is", 'Add hours such as mon = "17:30-21:00".')
