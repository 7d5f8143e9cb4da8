"""What is known of a borrower: it grows with what each inquiry says, and is stored sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, convert, json
from msgspec.structs import asdict, replace

from jobs.ledger.seal import Sealer
from mapping.identity import Place
from mapping.inquiry import Party
from mapping.people.survivorship import Heard, Survivorship, as_before, bounded, shown, stated

_USUAL = Survivorship()
_OF_PARTY = tuple(Party.__dataclass_fields__)
_BLANKS = ("",) * len(_OF_PARTY)
_EVER_USED = frozenset(("first_name", "last_name", "email", "phone"))
_OF_PLACE = ("street", "city", "state", "postal_code")


class Profile(Struct, frozen=True):
    """A borrower as known so far: the facts that are shown, every name and identifier ever used, the main
    one first, and what each inquiry said."""

    party: Party
    first_names: tuple[str, ...] = ()
    last_names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    birth_hash: str = ""
    heard: tuple[Heard, ...] = ()
    formerly: tuple[str, ...] = ()  # ids of borrowers who turned out to be this one

    @property
    def said(self) -> tuple[Heard, ...]:
        """What each inquiry said; of a borrower from before this was kept, what was known, as one."""
        return self.heard or (as_before(self.party),)

    def all_said(self, name: str) -> Iterator[str]:
        """Every value this fact was ever given, the newest first."""
        return (value for heard in reversed(self.said) if (value := heard.facts.get(name)))

    def parties(self) -> Iterator[Party]:
        """The borrower as each inquiry put it, the oldest first."""
        return (_party(heard.facts) for heard in self.said)

    def places(self) -> Iterator[Place]:
        """Where the borrower said to live, the newest first."""
        for heard in reversed(self.said):
            if not heard.facts.keys().isdisjoint(_OF_PLACE):
                yield Place(*[heard.facts.get(name, "") for name in _OF_PLACE])

    def last_seen(self) -> Mapping[str, str]:
        """The day on which each email and phone was last heard."""
        seen: dict[str, str] = {}
        for heard in self.said:
            day = heard.at.date().isoformat() if heard.at else ""
            for value in (heard.facts.get("email"), heard.facts.get("phone")):
                if value:
                    seen[value] = max(day, seen.get(value, ""))
        return seen


_NOBODY = Profile(Party())


def merged(profile: Profile | None, heard: Heard, rules: Survivorship) -> Profile:
    """What is known after hearing this: nothing said never erases something known."""
    said = bounded((*profile.said, heard), rules) if profile else (heard,)
    return _computed(profile or _NOBODY, said, rules)


def united(kept: Profile, other: Profile, rules: Survivorship = _USUAL) -> Profile:
    """Two profiles that are one person's."""
    both = replace(
        kept,
        first_names=_all(kept.first_names, other.first_names),
        last_names=_all(kept.last_names, other.last_names),
        emails=_all(kept.emails, other.emails),
        phones=_all(kept.phones, other.phones),
    )
    return _computed(both, bounded((*kept.said, *other.said), rules), rules)


def sealed(sealer: Sealer, profile: Profile, borrower_id: str) -> bytes:
    """The profile as the row of that borrower holds it."""
    return sealer.seal_json(_kept(profile), f"borrower.profile:{borrower_id}")


def opened(sealer: Sealer, stored: bytes, borrower_id: str) -> Profile:
    """The profile that was sealed for that borrower. Raises SealBroken."""
    return from_kept(sealer.open_json(stored, f"borrower.profile:{borrower_id}"))


def as_kept(profile: Profile) -> Any:
    """The profile as plain JSON data, as its row has it."""
    return json.decode(json.encode(_kept(profile)))


def from_kept(data: Any) -> Profile:
    """The profile again. Raises ValueError when the data has another shape."""
    if data.keys() == {"heard"}:
        return merged(None, convert(data["heard"][0], Heard), _USUAL)
    return convert(data, Profile)


def _kept(profile: Profile) -> dict[str, Any]:
    """Without blanks; of most borrowers, who were heard once, only that: the rest follows from it."""
    if _follows(profile):
        return {"heard": profile.heard}
    said = {name: value for name, value in asdict(profile).items() if value}
    return {**said, "party": stated(profile.party)}


def _follows(profile: Profile) -> bool:
    """Whether nothing is known but what one inquiry said; by which rules, plays no part then."""
    if len(profile.heard) != 1 or profile.formerly:
        return False
    # What was heard is always among them.
    known = len(profile.first_names) + len(profile.last_names) + len(profile.emails) + len(profile.phones)
    return known == len(_EVER_USED & profile.heard[0].facts.keys())


def _computed(profile: Profile, said: tuple[Heard, ...], rules: Survivorship) -> Profile:
    """The profile with these things said about the borrower; names and identifiers once used stay."""
    facts = shown(said, rules)
    newest = said[-1].facts
    return Profile(
        party=_party(facts),
        first_names=_with(profile.first_names, newest.get("first_name", "")),
        last_names=_with(profile.last_names, newest.get("last_name", "")),
        emails=_led(_with(profile.emails, newest.get("email", "")), facts.get("email", "")),
        phones=_led(_with(profile.phones, newest.get("phone", "")), facts.get("phone", "")),
        birth_hash=facts.get("birth_hash", ""),
        heard=said,
        formerly=profile.formerly,
    )


def _party(facts: Mapping[str, str]) -> Party:
    return Party(*map(facts.get, _OF_PARTY, _BLANKS))


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    """value first when it is news, else the order as it was."""
    return values if not value or value in values else (value, *values)


def _led(values: tuple[str, ...], main: str) -> tuple[str, ...]:
    """The same with the main one first."""
    if not main or values[:1] == (main,):
        return values
    return (main, *(one for one in values if one != main))


def _all(values: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*values, *more)))
