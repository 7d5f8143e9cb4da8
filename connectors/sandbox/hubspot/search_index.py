"""Under which values HubSpot's search finds a record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from connectors.sandbox.delayed_index import DelayedIndex

LISTS = frozenset({"hs_additional_emails", "hs_merged_object_ids"})
PHONES = frozenset(
    {
        "phone",
        "mobilephone",
        "hs_searchable_calculated_phone_number",
        "hs_searchable_calculated_mobile_number",
    }
)
Values = Mapping[str, str]


def local_number(text: str) -> str:
    """Area code and local number: HubSpot's search ignores the country code of what is stored."""
    return "".join(filter(str.isdigit, text))[-10:]


def terms(name: str, value: str) -> Iterator[str]:
    """What an exact filter on this property can hit: the folded value, or each entry of a list."""
    if not value:
        return
    if name in PHONES:
        yield local_number(value)
    elif name in LISTS:
        yield from (entry.lower() for entry in value.split(";") if entry)
    else:
        yield value.lower()


class SearchIndex(DelayedIndex[Values]):
    """Searchable copies of the property values of one kind's records."""

    def __init__(self, clock: Callable[[], float], delay: Callable[[], float]) -> None:
        super().__init__(clock, delay, lambda name, values: terms(name, values.get(name, "")))
