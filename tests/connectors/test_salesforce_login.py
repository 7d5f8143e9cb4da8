"""The two ways in, against the sandbox, and what many threads do with one token."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.crm.base import AuthFailed, Receipt
from connectors.crm.salesforce import ClientCredentials, JwtBearer, SalesforceCrm
from connectors.crm.tokens import MemoryTokens, Tokens
from connectors.sandbox.salesforce import RunningSandbox, start
from tests.connectors.account import all_ok
from tests.connectors.bundles import work
from tests.connectors.salesforce_account import SalesforceAccount, connected, fresh, options

TOKEN_PATH = "/services/oauth2/token"
THREADS = 8


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    """The key whose certificate the org knows."""
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def sandbox(key: rsa.RSAPrivateKey) -> Iterator[RunningSandbox]:
    """One Salesforce sandbox without delays and limits."""
    with start(options=options()) as running:
        yield running


@pytest.fixture
def account(sandbox: RunningSandbox, key: rsa.RSAPrivateKey) -> SalesforceAccount:
    """An org that knows the certificate."""
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return fresh(sandbox, jwt_public_key=public.decode())


def pem(key: rsa.RSAPrivateKey) -> str:
    """The key as it stands in a secret."""
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def logins(account: SalesforceAccount) -> int:
    """How often somebody logged in."""
    return sum(entry["path"] == TOKEN_PATH for entry in account.journal())


def bearer(account: SalesforceAccount, key: Callable[[], str], **changes: str) -> JwtBearer:
    """The JWT flow into the sandbox."""
    settings = {
        "client_id": account.sandbox.client_id,
        "username": "firstpath.integration@brokerage.example.com",
        **changes,
    }
    return JwtBearer(account.sandbox.url, private_key=key, **settings)


def test_a_signed_assertion_lets_us_in(account: SalesforceAccount, key: rsa.RSAPrivateKey) -> None:
    crm = SalesforceCrm(bearer(account, lambda: pem(key)))
    assert all_ok(crm.deliver(work(account.inquiry())))
    crm.close()


def test_an_assertion_says_who_for_whom_and_until_when(
    account: SalesforceAccount, key: rsa.RSAPrivateKey
) -> None:
    asked = bearer(account, lambda: pem(key), audience="https://test.salesforce.com").request(1_000.0)
    said = jwt.decode(
        asked.form["assertion"],
        key.public_key(),
        algorithms=["RS256"],
        audience="https://test.salesforce.com",
        options={"verify_exp": False},
    )
    assert said == {
        "iss": account.sandbox.client_id,
        "sub": "firstpath.integration@brokerage.example.com",
        "aud": "https://test.salesforce.com",
        "exp": 1_180,
    }
    assert pem(key)[40:80] not in repr(asked) + repr(bearer(account, lambda: pem(key)))


@pytest.mark.parametrize(
    ("address", "audience"),
    [
        ("https://acme.my.salesforce.com", "https://login.salesforce.com"),
        ("https://acme--test.sandbox.my.salesforce.com", "https://test.salesforce.com"),
    ],
)
def test_a_sandbox_org_has_its_own_audience(key: rsa.RSAPrivateKey, address: str, audience: str) -> None:
    asked = JwtBearer(address, "id", "fp@example.com", lambda: pem(key)).request(0.0)
    said = jwt.decode(asked.form["assertion"], options={"verify_signature": False})
    assert said["aud"] == audience


@pytest.mark.parametrize(
    "secret", ["", "no key at all", "-----BEGIN PRIVATE KEY-----\nxx\n-----END PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_told_in_words(account: SalesforceAccount, secret: str) -> None:
    crm = SalesforceCrm(bearer(account, lambda: secret))
    (receipt,) = crm.deliver(work(account.inquiry()))
    assert isinstance(receipt.error, AuthFailed)
    assert "private key" in str(receipt.error)
    crm.close()


@pytest.mark.parametrize("wrong", [{"username": "nobody@brokerage.example.com"}, {"client_id": "another"}])
def test_a_user_or_app_that_is_not_known_is_refused(
    account: SalesforceAccount, key: rsa.RSAPrivateKey, wrong: dict[str, str]
) -> None:
    crm = SalesforceCrm(bearer(account, lambda: pem(key), **wrong))
    report = crm.check()
    assert not report.ok
    assert "refused the log-in" in report.problems[0]
    crm.close()


def test_a_wrong_secret_is_asked_about_once_per_attempt(account: SalesforceAccount) -> None:
    before = logins(account)
    crm = SalesforceCrm(ClientCredentials(account.sandbox.url, account.sandbox.client_id, lambda: "wrong"))
    receipts = crm.deliver(work(*(account.inquiry(number=number) for number in range(1, 6))))
    assert all(isinstance(receipt.error, AuthFailed) for receipt in receipts)
    assert logins(account) - before == 1  # repeated bad log-ins would lock the user out
    crm.close()


def test_threads_share_one_token_and_renew_it_once(account: SalesforceAccount) -> None:
    with connected(account) as crm:
        assert all_ok(crm.deliver(work(account.inquiry(number=99))))
        for turn in range(1, 4):
            before = logins(account)
            account.sandbox.state.expire_sessions()
            assert all_ok(_at_once(crm, account, 100 * turn))
            assert logins(account) - before == 1
    contacts = Counter(contact["email"] for contact in account.contacts().values())
    assert set(contacts.values()) == {1}
    assert len(account.tasks()) == 1 + 3 * THREADS


def test_the_first_token_is_fetched_once_too(account: SalesforceAccount) -> None:
    before = logins(account)
    with connected(account) as crm:
        assert all_ok(_at_once(crm, account, 1))
    assert logins(account) - before == 1


def test_a_token_is_shared_through_its_store(account: SalesforceAccount) -> None:
    store = MemoryTokens()
    before = logins(account)
    for number in range(1, 4):
        with connected(account, tokens=store) as crm:
            assert all_ok(crm.deliver(work(account.inquiry(number=number))))
    assert logins(account) - before == 1


def test_a_token_that_another_process_renewed_is_taken_up(account: SalesforceAccount) -> None:
    store = MemoryTokens(Tokens("a token of yesterday", address=account.sandbox.url))
    fetched = store.renew
    with connected(account, tokens=store) as crm:
        assert all_ok(crm.deliver(work(account.inquiry())))
        current = store.current()
        assert current is not None
        assert fetched("a token of yesterday", _never).access == current.access


def _never(_stale: Tokens | None) -> Tokens:
    raise AssertionError("somebody else has renewed it already")


def _at_once(crm: SalesforceCrm, account: SalesforceAccount, first: int) -> list[Receipt]:
    """One inquiry in each of several threads, all beginning at the same moment."""
    gate = Barrier(THREADS)

    def one(number: int) -> Receipt:
        gate.wait(timeout=10)
        (receipt,) = crm.deliver(work(account.inquiry(number=number)))
        return receipt

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, range(first, first + THREADS)))
