"""The one place where Salesforce's and the network's ways of failing become the connector's errors.

Salesforce is judged by its error codes, not by HTTP status (reference: REST API, "Status Codes and Error
Responses"; codes of the SOAP API's StatusCode).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import requests
from simple_salesforce.exceptions import SalesforceError
from urllib3 import exceptions as network

from connectors.crm.base import CrmError, RateLimited, Unavailable, Uncertain
from connectors.crm.salesforce.codes import MOMENT, expired, forbidden, gone, meaning
from connectors.crm.salesforce.failures import Failed
from connectors.crm.salesforce.refusals import code_of, field_of, refused

_WAITED_IN_VAIN = (408, 504, 524)  # a gateway that waited: asking again at once would wait again


def from_exception(error: BaseException) -> CrmError:
    """What a failed call means."""
    if isinstance(error, CrmError):
        return error
    if isinstance(error, SalesforceError):
        return from_answer(int(error.status), error.content)
    if isinstance(error, requests.exceptions.JSONDecodeError | UnicodeDecodeError):
        return Uncertain("Salesforce's address answered something that is not JSON.")
    if isinstance(error, requests.RequestException | network.HTTPError | OSError):
        return from_network(error)
    return Uncertain(f"The call to Salesforce broke off ({type(error).__name__}).")


def from_network(error: BaseException) -> CrmError:
    """Unavailable when the request cannot have left this machine, else Uncertain."""
    reasons = set(_reasons(error))
    if any(issubclass(kind, _TLS) for kind in reasons):
        return Unavailable(
            "Salesforce's certificate could not be verified.",
            remedy="Check the clock, the CA certificates and any proxy of this machine.",
        )
    if any(issubclass(kind, _NEVER_SENT) for kind in reasons):
        return Unavailable(
            "Salesforce could not be reached.", remedy="Check this machine's network connection."
        )
    if any(issubclass(kind, _TOO_LATE) for kind in reasons):
        return Uncertain("Salesforce did not answer in time.")
    return Uncertain("The connection to Salesforce broke off before its answer arrived.")


def from_answer(status: int, content: object) -> CrmError:
    """What an answer outside 2xx to a whole request means; content is the parsed body or its text."""
    details = _details(content)
    problem = meaning(status, details[0]) if details else None
    if problem is not None:
        return problem
    if status == 401:
        return expired()
    if status == 403:
        return forbidden()
    if status == 429:
        return RateLimited("Salesforce asks for a pause.", retry_after=MOMENT)
    if status == 404:
        return Unavailable(
            "Salesforce does not know this part of its API.",
            remedy="Check the Salesforce address and the API version in the settings.",
        )
    if status >= 500 or status == 408:
        failure = Uncertain if status in _WAITED_IN_VAIN else Failed
        return failure(f"Salesforce failed with status {status}.")
    if status < 400:
        return Uncertain(
            f"Salesforce's address answered with a redirect ({status}).",
            remedy="Check the Salesforce address in the settings.",
        )
    return refused(details[0]) if details else Uncertain(_undocumented(status))


def from_part(status: int, body: object) -> CrmError:
    """What a failed part of a composite, graph or collection answer means for its record."""
    details = _details(body)
    if not details:
        return Uncertain(_undocumented(status))
    told = next((detail for detail in details if code_of(detail) not in _FOLLOWS), details[0])
    if code_of(told) == "NOT_FOUND" and not field_of(told):
        return gone()
    problem = meaning(status, told)
    return problem if problem is not None else refused(told)


def _details(content: object) -> list[Mapping[str, Any]]:
    """The errors in a body, whatever else came instead."""
    listed = content if isinstance(content, list) else [content]
    return [item for item in listed if isinstance(item, dict) and code_of(item)]


def _undocumented(status: int) -> str:
    return f"Salesforce answered in a way it does not document (status {status})."


def _reasons(error: BaseException | None) -> list[type[BaseException]]:
    """The kinds of an error and of what it wraps: requests wraps urllib3, which wraps its reason."""
    found: list[type[BaseException]] = []
    while error is not None and type(error) not in found:
        found.append(type(error))
        inner = getattr(error, "reason", None) or next(iter(error.args), None)
        error = inner if isinstance(inner, BaseException) else None
    return found


_TLS = (requests.exceptions.SSLError, network.SSLError)
# NameResolutionError is a NewConnectionError; ProxyError is raised while connecting to the proxy.
_NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.ProxyError,
    network.NewConnectionError,
    network.ConnectTimeoutError,
    network.ProxyError,
)
_TOO_LATE = (requests.exceptions.Timeout, network.TimeoutError)
#: Said of whatever stood beside the part that really failed.
_FOLLOWS = frozenset({"PROCESSING_HALTED", "ALL_OR_NONE_OPERATION_ROLLED_BACK"})
