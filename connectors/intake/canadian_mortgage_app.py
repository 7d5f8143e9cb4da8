"""Canadian Mortgage App: a customer of the app made a profile, a prequalification or became a lead."""

from __future__ import annotations

from connectors.intake.application_events import ApplicationEvents
from connectors.intake.application_status import told_status
from connectors.intake.base import JsonValue, Options
from connectors.intake.json_shape import object_in

_STATUS = {"prequalification": "prequalification", "application": "submitted"}


class CanadianMortgageApp(ApplicationEvents):
    """The customer's id stands for the application: the app has one for each customer."""

    vendor = "canadian-mortgage-app"
    keeps_rest = False

    def events(self, body: JsonValue) -> list[JsonValue]:
        """Its word for what happened is "type", which elsewhere asks for the kind of mortgage."""
        found = [dict(object_in(one)) for one in super().events(body)]
        for one in found:
            kind = one.pop("type", None)
            if isinstance(kind, str):
                one.setdefault("event", kind)
        return list(found)

    def ref(self, number: str, options: Options) -> str:
        """One portal, one space of numbers."""
        return f"application:{self.vendor}:{number}"

    def status(self, word: str, event: str) -> str:
        """A prequalification is an application begun; a profile or a lead is none yet."""
        return told_status(word, _STATUS.get(event.lower(), ""))
