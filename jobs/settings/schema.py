"""The settings file, key by key: what each one means, what it may be, what holds when it is absent."""

from __future__ import annotations

from marshmallow import fields

from jobs.settings import addresses, values
from jobs.settings.crm_section import CrmSection
from jobs.settings.path_section import PathSection
from jobs.settings.shape import Section, Table, choice, flag, number, section, text

COUNTRIES = ("US", "CA")
DATE_ORDERS = ("MDY", "DMY", "YMD")


class BrokerageSection(Section):
    """[brokerage]"""

    name = text("The brokerage as borrowers know it.", example="Example Mortgage Group", needed=True)
    country = choice(
        "Where it works: US or CA. Decides how phones, money and postal codes are read.", COUNTRIES
    )
    timezone = text(
        "The office's IANA time zone.", example="America/New_York", check=values.known_zone, needed=True
    )
    date_order = choice(
        "How forms write dates: MDY, DMY or YMD. Usual: MDY in the US, YMD in Canada.",
        DATE_ORDERS,
        default=None,
    )


class ServerSection(Section):
    """[server]"""

    host = text(
        "The address to listen on; 127.0.0.1 means: only this machine.",
        example="127.0.0.1",
        default="127.0.0.1",
    )
    port = number("The TCP port to listen on.", 1, 65535, default=8000)
    public_url = text(
        "How the outside reaches this server: used in links and embed code.",
        example="https://intake.example.com",
        default="",
        check=addresses.base_address,
    )
    threads = number("How many requests are answered at the same time.", 1, 64, default=8)
    trusted_proxies = number(
        "How many of our own proxies stand in front; only their X-Forwarded-* headers are believed.",
        0,
        5,
        default=0,
    )
    secure_cookies = flag(
        "Send cookies over https only. Usual: true when public_url is https.", default=None, example=True
    )


class LedgerSection(Section):
    """[ledger]"""

    url = text(
        "The database: sqlite:///FILE, beside this file, or postgresql://HOST/NAME. "
        "FIRSTPATH_LEDGER_URL wins; a password belongs there.",
        example="sqlite:///var/firstpath.sqlite3",
        default="sqlite:///var/firstpath.sqlite3",
        check=addresses.file_ledger_address,
    )


class QueueSection(Section):
    """[queue]"""

    redis_url = text(
        "A Redis that wakes workers up on other hosts; empty means threads in this process. "
        "FIRSTPATH_REDIS_URL wins; a password belongs there.",
        example="redis://127.0.0.1:6379/0",
        default="",
        check=addresses.file_queue_address,
    )


class WorkSection(Section):
    """[work]"""

    deliver_threads = number(
        "How many threads deliver to each CRM; of several, the first takes live inquiries only.",
        1,
        32,
        default=2,
    )
    lease_seconds = number(
        "How long a worker may be silent before its work is given to another.", 10, 3600, default=30
    )
    sweep_seconds = number(
        "How often due work is looked for that nobody was woken up for.", 1, 600, default=10
    )


class SecretsSection(Section):
    """[secrets]"""

    directory = text(
        "The folder of secret files, beside this file. A secret NAME is the variable NAME, "
        "else the content of the file named by NAME_FILE, else this folder's file NAME.",
        example="secrets",
        default="secrets",
    )


class PlaybookSection(Section):
    """[playbook]"""

    file = text(
        "The consultant's playbook, beside this file. It holds until a revision is published "
        "(`firstpath playbook`); from then on the last one published does.",
        example="playbook.toml",
        default="",
    )
    shipped = text(
        "Or the name of a shipped one, which is enough to begin with. Usual: the country's.",
        example="mortgage_us",
        default="",
    )


class RetentionSection(Section):
    """[retention]"""

    raw_days = number("How many days submissions are kept as they arrived, encrypted.", 1, 3650, default=90)
    consent_days = number(
        "How many days the evidence of consent is kept: wording, time, page, address, certificates. "
        "US law asks for 5 years (16 CFR 310.5), Canada for 3 years and 14 days.",
        1109,
        7320,
        default=1827,
    )


class ConfigSchema(Section):
    """The whole file."""

    brokerage = section(BrokerageSection, "Whose inquiries these are.")
    server = section(ServerSection, "Where the web server listens.")
    ledger = section(LedgerSection, "Where everything is kept.")
    queue = section(QueueSection, "Who wakes the workers up.")
    work = section(WorkSection, "How deliveries are worked off.")
    secrets = section(SecretsSection, "Where secrets are read from; none stands in this file.")
    playbook = section(PlaybookSection, "Who owns an inquiry, what happens next, how fields are mapped.")
    crm = Table(fields.Nested(CrmSection), about="The CRM accounts.", check_key=values.short_name)
    paths = Table(
        fields.Nested(PathSection), about="The intake paths, each one way in.", check_key=values.short_name
    )
    retention = section(RetentionSection, "How long things are kept.")
