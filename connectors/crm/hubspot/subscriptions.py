"""HubSpot's record of who wants no email: by address, in its communication preferences."""

from __future__ import annotations

from urllib.parse import quote

from connectors.crm.base import Rejected
from connectors.crm.hubspot.errors import MissingScopes
from connectors.crm.hubspot.transport import Transport

_PATH = "/communication-preferences/v4/statuses/{email}/unsubscribe-all?channel=EMAIL"


class Subscriptions:
    """The calls. What a contact's hs_email_optout shows is HubSpot's to write."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def unsubscribe(self, email: str, contact_id: str) -> str:
        """Stop all email to an address for good; what a person has to do where HubSpot refuses, else "".

        HubSpot never subscribes such an address again without its owner. Raises a CrmError when the call
        itself fails.
        """
        try:
            self._transport.request("POST", _PATH.format(email=quote(email, safe="")))
        except MissingScopes:
            why = "the token lacks the scope communication_preferences.read_write"
        except Rejected:
            why = "HubSpot does not take its address"
        else:
            return ""
        return (
            f"Contact {contact_id} asked for no more email, and {why}: unsubscribe the contact in HubSpot by "
            "hand, and add the scope for the next time."
        )
