"""The settings file, key by key: what each one means, what it may be, what holds when it is absent."""

from __future__ import annotations

from marshmallow import fields

from connectors.intake.registry import ADAPTERS
from jobs.settings import addresses, values
from jobs.settings.crm_section import CrmSection
from jobs.settings.inbox_section import InboxSection
from jobs.settings.link_section import LinkSection
from jobs.settings.shape import Section, Table, choice, flag, number, section, text, texts

COUNTRIES = ("US", "CA")
DATE_ORDERS = ("MDY", "DMY", "YMD")
PATH_KINDS = tuple(sorted(ADAPTERS))
PARTNERS = ("any_authenticated", "approved_only")
ATTACHMENTS = ("drop", "keep")
PATH_STATES = ("draft", "shadow", "live", "paused")


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

    file = text("The consultant's playbook, beside this file.", example="playbook.toml", default="")
    shipped = text(
        "Or the name of a shipped one, which is enough to begin with. Usual: the country's.",
        example="mortgage_us",
        default="",
    )


class FormSection(Section):
    """[paths.<name>.form]"""

    heading = text(
        "The headline, in the first language; the other languages have Firstpath's words for it, as for "
        "button and thank_you.",
        example="Ask about a mortgage",
        default="",
    )
    intro = text(
        "A sentence or two under the headline.", example="We answer within one business day.", default=""
    )
    button = text("What the button says.", example="Send my inquiry", default="")
    brand_name = text(
        "The name shown with the form. Usual: the brokerage's.", example="Example Mortgage Group", default=""
    )
    colour = text(
        "The colour of button and links.", example="#1f5fa8", default="#1f5fa8", check=values.colour
    )
    logo_url = text(
        "A logo: an https address or a data: address.",
        example="https://www.example.com/logo.png",
        default="",
        check=addresses.picture_address,
    )
    consent_text = text(
        "What the borrower agrees to by ticking the box; kept as evidence, word for word. Ask counsel.",
        example="I agree to be contacted about my inquiry by phone, text and email.",
        needed=True,
    )
    privacy_url = text(
        "The privacy policy linked beside the consent.",
        example="https://www.example.com/privacy",
        default="",
        check=addresses.optional_web_address,
    )
    thank_you = text(
        "What is shown after sending.",
        example="Thank you. A loan officer will be in touch.",
        default="",
    )
    thank_you_url = text(
        "Or the page to go to after sending.",
        example="https://www.example.com/thank-you",
        default="",
        check=addresses.optional_web_address,
    )
    frame_ancestors = texts(
        "The websites that may show the form in a frame.",
        example=["https://www.example.com"],
        check=addresses.origin,
    )
    languages = texts(
        "The languages offered, the first one first: en, fr, es.",
        example=["en"],
        default=["en"],
        check=values.language,
    )
    consent_texts = Table(
        text("", example="J'accepte que l'on communique avec moi au sujet de ma demande."),
        about="What is agreed to in each language after the first; kept as evidence, word for word.",
        example={"fr": "J'accepte que l'on communique avec moi au sujet de ma demande."},
        check_key=values.language,
    )
    nmls = text(
        "The NMLS id or licence number shown under the form.",
        example="123456",
        default="",
        check=values.licence_number,
    )


class PathSection(Section):
    """[paths.<name>]"""

    title = text("What people call this way in.", example="Purchase form on the website", needed=True)
    kind = choice(
        "How inquiries arrive: form (any form of your website), hosted_form (a form that Firstpath "
        "serves), or the sender by name; docs/intake has a page for each.",
        PATH_KINDS,
    )
    state = choice(
        "draft captures only; shadow decides and shows, but writes nothing to the CRM; live; paused.",
        PATH_STATES,
        default="draft",
    )
    crm = texts("Where inquiries go: names of [crm.<name>] sections.", example=["hubspot"])
    keys = texts(
        "The hash of each path key that senders may use; two while a key is being changed.",
        example=["sha256:<64 hexadecimal digits>"],
        check=values.key_digest,
    )
    mappings = Table(
        text("", example="full_name", check=values.mapped_field),
        about='The sender\'s name or label of a question, and the field it fills; "ignore" drops the answer.',
        example={"Your name": "full_name"},
        data_key="fields",
    )
    defaults = Table(
        text("", example="purchase"),
        about="A field, and the value it gets when nothing was answered.",
        example={"inquiry_type": "purchase"},
        check_key=values.canonical_field,
    )
    account = text(
        "The sender's account, page, topic or instance that alone may send; empty: any that can sign.",
        example="112233445566",
        default="",
    )
    address = text(
        "The address that the sender was given, when a proxy of yours leads it here: some senders sign it.",
        example="https://hooks.example.com/twilio",
        default="",
        check=addresses.optional_web_address,
    )
    api_url = text(
        "Where the sender's API is, when what arrives only points to it. Usual: the vendor's own address. "
        "Its token is FIRSTPATH_PATH_<NAME>_API_TOKEN.",
        example="https://graph.facebook.com/v23.0",
        default="",
        check=addresses.optional_web_address,
    )
    authserv_id = text(
        "For mail: the name under which your own mail server writes Authentication-Results; only these "
        "are believed.",
        example="mx.example.com",
        default="",
    )
    own_domains = texts(
        "For mail: the brokerage's own mail domains; who writes from them is no referral partner.",
        example=["example.com"],
    )
    trigger_leads_attested = flag(
        "true attests that the brokerage may receive and use trigger leads (bought from credit bureaus); "
        "they are refused otherwise.",
        default=False,
        example=False,
    )
    partners = choice(
        "For mail: whose referrals become inquiries: any_authenticated (whoever can prove the address), or "
        "approved_only; mails of others then wait in quarantine until the partner is approved at the desk.",
        PARTNERS,
        default="any_authenticated",
    )
    attachments = choice(
        "For mail: drop keeps their names and sizes only; keep stores them encrypted for raw_days.",
        ATTACHMENTS,
        default="drop",
    )
    inbox = fields.Nested(
        InboxSection,
        load_default=None,
        metadata={"about": "The mailbox that is read (only for kind email)."},
    )
    drop_folder = text(
        "A folder, beside this file, where files are laid that are taken in: MISMO XML from a loan "
        "origination system, for example. What was read moves to done/ in it, the rest to failed/.",
        example="drop/applications",
        default="",
    )
    form = fields.Nested(
        FormSection,
        load_default=None,
        metadata={"about": "What the form says and looks like (only for kind hosted_form)."},
    )
    link = fields.Nested(
        LinkSection,
        load_default=None,
        metadata={"about": "Where the links lead (only for kind application_link)."},
    )


class RetentionSection(Section):
    """[retention]"""

    raw_days = number("How many days submissions are kept as they arrived, encrypted.", 1, 3650, default=90)


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
