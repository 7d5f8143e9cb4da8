"""The settings of one intake path, [paths.<name>], and of the form it may serve."""

from __future__ import annotations

from marshmallow import fields

from connectors.intake.registry import ADAPTERS
from jobs.settings import addresses, values
from jobs.settings.inbox_section import InboxSection
from jobs.settings.link_section import LinkSection
from jobs.settings.page_section import PageSection
from jobs.settings.shape import Section, Table, choice, flag, text, texts

PATH_KINDS = tuple(sorted(ADAPTERS))
PARTNERS = ("any_authenticated", "approved_only")
ATTACHMENTS = ("drop", "keep")
PATH_STATES = ("draft", "shadow", "live", "paused")


class FormSection(PageSection):
    """[paths.<name>.form]"""

    heading = text(
        "The headline, in the first language; the other languages have Firstpath's words for it, as for "
        "button and thank_you.",
        example="Ask about a mortgage",
        default="",
    )
    button = text("What the button says.", example="Send my inquiry", default="")
    consent_text = text(
        "What the borrower agrees to by ticking the box; kept as evidence, word for word. Ask counsel.",
        example="I agree to be contacted about my inquiry by phone, text and email.",
        needed=True,
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
