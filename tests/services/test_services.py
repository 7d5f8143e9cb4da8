"""The test servers are real, clean for each test, and can fail on demand."""

from __future__ import annotations

import psycopg
import pytest
import redis
import sqlalchemy as sa
from playwright.sync_api import Page

from tests.services.postgres import PostgresServer
from tests.services.redis import RedisServer


@pytest.mark.parametrize("run", [1, 2])
def test_each_test_gets_an_empty_ledger_database(ledger_url: str, run: int) -> None:
    engine = sa.create_engine(ledger_url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE note (body text)"))
        connection.execute(sa.text("INSERT INTO note VALUES ('kept')"))
        assert connection.execute(sa.text("SELECT count(*) FROM note")).scalar_one() == 1
    engine.dispose()


def test_a_database_can_be_copied_from_a_prepared_one(postgres_server: PostgresServer) -> None:
    prepared = postgres_server.create()
    with psycopg.connect(_plain(postgres_server.url(prepared))) as connection:
        connection.execute("CREATE TABLE note (body text)")
    with postgres_server.database(template=prepared) as url, psycopg.connect(_plain(url)) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)
    postgres_server.drop(prepared)


def test_a_ledger_is_used_again_without_its_rows(
    postgres_server: PostgresServer, postgres_template: str
) -> None:
    with postgres_server.database(postgres_template) as url, psycopg.connect(_plain(url)) as connection:
        first = connection.info.dbname
        connection.execute("INSERT INTO keys_due VALUES ('B')")
    with postgres_server.database(postgres_template) as url, psycopg.connect(_plain(url)) as connection:
        assert connection.info.dbname == first
        assert connection.execute("SELECT count(*) FROM keys_due").fetchone() == (0,)
        connection.execute("ALTER TABLE keys_due RENAME TO away")
    with postgres_server.database(postgres_template) as url:
        assert not url.partition("?")[0].endswith(f"/{first}")


def test_postgres_is_a_current_one(postgres_url: str) -> None:
    with psycopg.connect(_plain(postgres_url)) as connection:
        assert connection.info.server_version >= 180000


def test_redis_forgets_everything_in_an_outage(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.set("bell", "rung")
        assert client.get("bell") == b"rung"
        redis_server.stop()
        with pytest.raises(redis.ConnectionError):
            client.get("bell")
        redis_server.start()
        assert client.get("bell") is None


def test_redis_is_back_and_empty_after_a_test_that_stopped_it(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        assert client.dbsize() == 0


def test_the_browser_runs_scripts(page: Page) -> None:
    page.set_content("<button onclick=\"document.title='pressed'\">Press</button>")
    page.get_by_role("button", name="Press").click()
    assert page.title() == "pressed"


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")
