"""Any website's form or application: JSON, urlencoded or multipart, with whatever names it uses."""

from __future__ import annotations

from collections.abc import Sequence

from connectors.intake.base import Document, Options, RawRequest, Unreadable
from connectors.intake.contact_form_7 import ContactForm7, without_files
from connectors.intake.elementor import Elementor
from connectors.intake.flatten import as_tree
from connectors.intake.fluent_forms import FluentForms
from connectors.intake.formspree import Formspree
from connectors.intake.google_forms import GoogleForms
from connectors.intake.gravity_forms import GravityForms
from connectors.intake.hubspot_forms import HubSpotForms
from connectors.intake.jotform import Jotform
from connectors.intake.netlify import Netlify
from connectors.intake.signals import HONEYPOTS
from connectors.intake.typeform import Typeform, is_response
from connectors.intake.unbounce import Unbounce
from connectors.intake.webflow import Webflow
from connectors.intake.website_form import WebsiteForm, as_sent, closed
from connectors.intake.wix import Wix
from mapping.answers import Answers

# Many point their plugin at the plain form's address: what is certainly a vendor's is read as the vendor's.
_VENDORS: tuple[type[WebsiteForm], ...] = (
    Jotform,
    Elementor,
    FluentForms,
    GravityForms,
    Webflow,
    Wix,
    HubSpotForms,
    GoogleForms,
    Unbounce,
    Netlify,
    Formspree,
    ContactForm7,
)


class Form(WebsiteForm):
    """The generic way in. honeypots are the lower-case names of fields that people do not see."""

    vendor = "html-form"

    def __init__(self, honeypots: frozenset[str] = HONEYPOTS) -> None:
        super().__init__(honeypots)
        self._vendors = tuple(vendor(honeypots) for vendor in _VENDORS)

    def unpack(self, request: RawRequest) -> Document | None:
        """As without_files."""
        return without_files(request)

    def read(self, document: Document, request: RawRequest, options: Options) -> Sequence[Answers]:
        """Every field as an answer; the vendor is "json" when JSON of no known vendor was sent.

        Raises Unreadable: wrong_shape (JSON that is no object), too_many_fields.
        """
        is_json = document.kind == "json"
        if is_json and not isinstance(document.json, dict | list):
            raise Unreadable("wrong_shape", "The JSON is a bare value; send an object of fields.", keep=True)
        if is_response(document):
            return Typeform().read(document, request, options)
        tree = as_tree(document)
        vendor = next((one for one in self._vendors if one.fits(tree)), None)
        if vendor is not None:
            return vendor.read(document, request, options)
        return [closed("json" if is_json else self.vendor, as_sent(document), request, self.honeypots)]
