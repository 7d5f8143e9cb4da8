"""The HubSpot connector keeps the contract of every CRM connector."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pytest

from connectors.crm.hubspot import HubSpotCrm
from tests.connectors.contract import CrmContract
from tests.connectors.hubspot_account import HubSpotAccount
from tests.connectors.lies import Lies, Rule, answer


class TestHubSpot(CrmContract):
    """Runs against the sandbox over loopback."""

    @pytest.fixture
    def account(self, account: HubSpotAccount) -> HubSpotAccount:
        """The sandbox."""
        return account

    @pytest.fixture
    def crm(self, crm: HubSpotCrm) -> HubSpotCrm:
        """A connector to the sandbox."""
        return crm

    @pytest.fixture
    def impatient_crm(self, impatient_crm: HubSpotCrm) -> HubSpotCrm:
        """A connector that waits half a second for an answer."""
        return impatient_crm

    @pytest.fixture
    def unreachable_crm(self, unreachable_crm: HubSpotCrm) -> HubSpotCrm:
        """A connector to a port where nobody listens."""
        return unreachable_crm


class TestHubSpotLies(Lies):
    """The same stand-in, lying."""

    own_lies: ClassVar[Mapping[str, Rule]] = {
        "207 with everything failed": answer(
            207,
            '{"status": "COMPLETE", "results": [], "numErrors": 1, "errors": [{"status": "error", '
            '"category": "INTERNAL_ERROR", "message": "Something went wrong"}]}',
        ),
        "200 where 201 is documented": answer(200, '{"status": "COMPLETE", "results": []}', done=True),
        "results that are null": answer(201, '{"status": "COMPLETE", "results": null}', done=True),
        "results without ids": answer(201, '{"status": "COMPLETE", "results": [{"properties": {}}]}'),
        "ids that are numbers": answer(201, '{"status": "COMPLETE", "results": [{"id": 100001}]}'),
        "somebody else's results": answer(
            201,
            '{"status": "COMPLETE", "results": [{"id": "100001", "properties": {"firstpath_key": "B98"}}, '
            '{"id": "100001", "properties": {"firstpath_key": "B98"}}]}',
        ),
        "results of other kinds": answer(200, '{"results": [7, null, {"id": [1], "properties": [2]}]}'),
        "one result twice with two ids": answer(
            201,
            '{"results": [{"id": "1", "objectWriteTraceId": "B1"}, {"id": "2", "objectWriteTraceId": "B1"}]}',
        ),
        "errors that are no list": answer(400, '{"errors": 7, "category": ["x"], "context": 1}'),
        "still pending": answer(201, '{"status": "PENDING", "results": []}'),
        "403 for a limit": answer(403, '{"category": "RATE_LIMITS", "message": "REQUEST_LIMIT_EXCEEDED"}'),
        "401 for a scope": answer(401, '{"category": "MISSING_SCOPES", "message": "scope"}'),
        "404 of a gateway": answer(404, '{"message": "no Route matched with those values"}'),
        "409 with the id of nobody": answer(
            409, '{"category": "CONFLICT", "message": "Contact already exists. Existing ID: 987654321"}'
        ),
        "409 with somebody's id": answer(
            409, '{"category": "CONFLICT", "message": "Contact already exists. Existing ID: 100001"}'
        ),
        "423": answer(423, "{}"),
        "477": answer(477, headers={"Retry-After": "120"}),
        "524 of the proxy": answer(524, "<html></html>", done=True),
    }

    @pytest.fixture
    def account(self, account: HubSpotAccount) -> HubSpotAccount:
        """The sandbox."""
        return account

    @pytest.fixture
    def crm(self, crm: HubSpotCrm) -> HubSpotCrm:
        """A connector to the sandbox."""
        return crm
