"""The door to HubSpot: answers nobody documented, shared connections, and no person in any error."""

from __future__ import annotations

import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.crm.base import CrmError, Rejected, Uncertain
from connectors.crm.hubspot import HubSpotCrm
from connectors.crm.hubspot.transport import Transport
from tests.connectors.bundles import work
from tests.connectors.hubspot_account import HubSpotAccount, inquiry


@pytest.fixture
def transport(account: HubSpotAccount) -> Transport:
    """A door to the account."""
    return Transport(lambda: account.sandbox.token, account.sandbox.url, (5, 5))


def test_a_2xx_that_is_not_the_documented_one_is_uncertain(transport: Transport) -> None:
    create = transport.client.crm.objects.basic_api.create
    body = {"properties": {"email": "ana1@example.com"}, "associations": []}
    with pytest.raises(Uncertain, match="201"):
        transport.call(create, "contacts", body)


@pytest.mark.parametrize("content", ["html", "cut_json"])
def test_an_answer_that_is_not_json_is_uncertain(
    transport: Transport, account: HubSpotAccount, content: str
) -> None:
    account.sandbox.set_faults([{"kind": "garbage", "content": content}])
    with pytest.raises(Uncertain):
        transport.call(transport.client.crm.pipelines.pipelines_api.get_all, "deals")


def test_an_error_carries_no_vendor_exception_that_quotes_a_person(transport: Transport) -> None:
    create = transport.client.crm.objects.basic_api.create
    body = {"properties": {"email": "ana at example"}, "associations": []}
    with pytest.raises(Rejected) as caught:
        transport.call(create, "contacts", body, ok=(201,))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert "ana at" not in "".join(traceback.format_exception(caught.value))


def test_all_apis_share_one_pool_of_connections(transport: Transport) -> None:
    crm = transport.client.crm
    apis = (crm.objects.batch_api, crm.objects.search_api, crm.owners.owners_api, crm.pipelines.pipelines_api)
    assert len({id(api.api_client.rest_client.pool_manager) for api in apis}) == 1
    assert crm.objects.batch_api is crm.objects.batch_api


def test_a_read_that_hubspot_stumbles_over_is_asked_once_more(
    transport: Transport, account: HubSpotAccount
) -> None:
    get_all = transport.client.crm.pipelines.pipelines_api.get_all
    account.sandbox.set_faults([{"kind": "status_before", "status": 502, "nth": 1}])
    assert transport.read(get_all, "deals").status == 200
    account.sandbox.set_faults([{"kind": "status_before", "status": 502, "nth": 1, "times": 2}])
    with pytest.raises(Uncertain, match="502"):
        transport.read(get_all, "deals")


@pytest.mark.parametrize("status", [429, 504])
def test_a_limit_and_a_wait_in_vain_are_not_asked_again(
    transport: Transport, account: HubSpotAccount, status: int
) -> None:
    account.sandbox.set_faults([{"kind": "status_before", "status": status, "nth": 1}])
    before = transport.calls
    with pytest.raises(CrmError):
        transport.read(transport.client.crm.pipelines.pipelines_api.get_all, "deals")
    assert transport.calls == before + 1


def test_threads_may_share_a_connector(crm: HubSpotCrm, account: HubSpotAccount) -> None:
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda n: crm.deliver(work(inquiry(number=n)))[0], range(1, 25)))
    assert all(receipt.error is None for receipt in receipts)
    assert (len(account.contacts()), len(account.deals()), len(account.tasks())) == (24, 24, 24)
    assert crm.calls <= 24 * 4 + 2
