"""Puts checked values and secrets together into the frozen Settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from jobs.settings.collect import Collected
from jobs.settings.crm_section import (
    CLOSES_IN_DAYS,
    CRM_KINDS,
    RECORDS,
    login_of,
    rate_of,
    version_of,
)
from jobs.settings.inbox_section import PORTS
from jobs.settings.model import (
    BrokerageSettings,
    CrmSettings,
    FormSettings,
    InboxSettings,
    LedgerSettings,
    LinkSettings,
    PathSettings,
    PlaybookSettings,
    QueueSettings,
    Records,
    RetentionSettings,
    Secrets,
    ServerSettings,
    Settings,
    WorkSettings,
)

_DATE_ORDERS = {"US": "MDY", "CA": "YMD"}  # Canada: CAN/CSA-Z234.4 is ISO 8601
#: What a hosted form has and the page of a link has not.
_NO_FORM: Mapping[str, Any] = {"thank_you": "", "thank_you_url": "", "frame_ancestors": ()}
_SHIPPED = {"US": "mortgage_us", "CA": "mortgage_ca"}


def assemble(file: Path, data: Mapping[str, Any], collected: Collected) -> Settings:
    """The Settings of a file without mistakes; defaults that hang on other values are filled in here."""
    brokerage, queue = data["brokerage"], data["queue"]
    return Settings(
        file=file,
        brokerage=BrokerageSettings(
            name=brokerage["name"],
            country=brokerage["country"],
            timezone=brokerage["timezone"],
            date_order=brokerage["date_order"] or _DATE_ORDERS[brokerage["country"]],
        ),
        server=_server(data["server"]),
        ledger=LedgerSettings(_ledger_url(collected.ledger_url or data["ledger"]["url"], file.parent)),
        queue=QueueSettings(collected.redis_url or queue["redis_url"]),
        work=WorkSettings(**data["work"]),
        secrets=_secrets(collected),
        playbook=_playbook(data["playbook"], file.parent, brokerage["country"]),
        crms={name: _crm(name, crm, collected) for name, crm in data["crm"].items()},
        paths={name: _path(name, path, data, collected, file.parent) for name, path in data["paths"].items()},
        retention=RetentionSettings(**data["retention"]),
    )


def _server(server: Mapping[str, Any]) -> ServerSettings:
    host, port, secure = server["host"], server["port"], server["secure_cookies"]
    shown = f"[{host}]" if ":" in host else host
    public_url = server["public_url"].rstrip("/") or f"http://{shown}:{port}"
    return ServerSettings(
        host=host,
        port=port,
        public_url=public_url,
        threads=server["threads"],
        trusted_proxies=server["trusted_proxies"],
        secure_cookies=public_url.startswith("https:") if secure is None else secure,
    )


def _ledger_url(url: str, folder: Path) -> str:
    """The URL for SQLAlchemy: an absolute file, or psycopg as the driver."""
    if url.startswith("sqlite:///"):
        return f"sqlite:///{folder / url.removeprefix('sqlite:///')}"
    return url.replace("postgresql://", "postgresql+psycopg://", 1)


def _secrets(collected: Collected) -> Secrets:
    if collected.signing_keys is None or collected.encryption_keys is None or collected.lookup_key is None:
        raise ValueError("secrets that were refused cannot be used")
    return Secrets(collected.signing_keys, collected.encryption_keys, collected.lookup_key)


def _playbook(playbook: Mapping[str, Any], folder: Path, country: str) -> PlaybookSettings:
    if playbook["file"]:
        return PlaybookSettings(file=folder / playbook["file"], shipped="")
    return PlaybookSettings(file=None, shipped=playbook["shipped"] or _SHIPPED[country])


def _crm(name: str, crm: Mapping[str, Any], collected: Collected) -> CrmSettings:
    kind = crm["kind"]
    return CrmSettings(
        name=name,
        kind=kind,
        base_url=(crm["base_url"] or CRM_KINDS[kind]).rstrip("/"),
        timeout_seconds=crm["timeout_seconds"],
        login=login_of(crm),
        client_id=crm["client_id"],
        username=crm["username"],
        api_version=version_of(crm),
        calls_per_10_seconds=rate_of(crm),
        records=cast(Records, crm["records"] or RECORDS[0]),
        assignment_rules=bool(crm["assignment_rules"]),
        closes_in_days=crm["closes_in_days"] or CLOSES_IN_DAYS,
        location=crm["location"],
        phase_tag=crm["phase_tag"],
        workflow=crm["workflow"],
        merge_contacts=bool(crm["merge_contacts"]),
        secrets=collected.crm_secrets[name],
    )


def _path(
    name: str, path: Mapping[str, Any], data: Mapping[str, Any], collected: Collected, folder: Path
) -> PathSettings:
    return PathSettings(
        name=name,
        title=path["title"],
        kind=path["kind"],
        state=path["state"],
        crm=tuple(path["crm"]),
        keys=tuple(path["keys"]),
        fields=path["mappings"],
        defaults=path["defaults"],
        form=_form(path["form"], data["brokerage"]["name"]) if path["form"] else None,
        secret=collected.sender_secrets[name],
        api_token=collected.api_tokens[name],
        api_url=path["api_url"].rstrip("/"),
        account=path["account"],
        address=path["address"],
        authserv_id=path["authserv_id"],
        own_domains=tuple(domain.lower() for domain in path["own_domains"]),
        link=_link(path["link"], data["brokerage"]["name"]) if path["link"] else None,
        drop_folder=folder / path["drop_folder"] if path["drop_folder"] else None,
        trigger_leads_attested=path["trigger_leads_attested"],
        partners=path["partners"],
        attachments=path["attachments"],
        inbox=_inbox(path["inbox"], collected.inbox_secrets[name]) if path["inbox"] else None,
    )


def _inbox(inbox: Mapping[str, Any], secrets: Mapping[str, Callable[[], str]]) -> InboxSettings:
    return InboxSettings(**{**inbox, "port": inbox["port"] or PORTS[inbox["tls"]]}, secrets=secrets)


def _form(form: Mapping[str, Any], brokerage: str) -> FormSettings:
    lists = {name: tuple(form[name]) for name in ("frame_ancestors", "languages")}
    return FormSettings(**{**form, **lists, "brand_name": form["brand_name"] or brokerage})


def _link(link: Mapping[str, Any], brokerage: str) -> LinkSettings:
    own = ("portal_url", "portal_hosts", "portal_urls", "ask", "id_parameter")
    page = {name: value for name, value in link.items() if name not in own}
    hosts = link["portal_hosts"] or [urlsplit(link["portal_url"]).hostname or ""]
    return LinkSettings(
        portal_url=link["portal_url"],
        portal_hosts=tuple(host.lower() for host in hosts),
        portal_urls={owner.lower(): url for owner, url in link["portal_urls"].items()},
        ask=link["ask"],
        id_parameter=link["id_parameter"],
        page=_form({**_NO_FORM, **page}, brokerage),
    )
