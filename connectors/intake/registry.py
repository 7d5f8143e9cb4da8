"""The ways in that an intake path can choose from, by the name its configuration uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.intake.adf import Adf
from connectors.intake.api import Api
from connectors.intake.application_events import ApplicationEvents
from connectors.intake.application_link import ApplicationLink
from connectors.intake.base import Adapter
from connectors.intake.blend import Blend
from connectors.intake.cal_com import CalCom
from connectors.intake.calendly import Calendly
from connectors.intake.callrail import CallRail
from connectors.intake.canadian_mortgage_app import CanadianMortgageApp
from connectors.intake.contact_form_7 import ContactForm7
from connectors.intake.csv_rows import CsvRows
from connectors.intake.elementor import Elementor
from connectors.intake.encompass import Encompass
from connectors.intake.finmo import Finmo
from connectors.intake.fluent_forms import FluentForms
from connectors.intake.form import Form
from connectors.intake.formspree import Formspree
from connectors.intake.google_ads import GoogleAds
from connectors.intake.google_forms import GoogleForms
from connectors.intake.gravity_forms import GravityForms
from connectors.intake.hosted import HostedForm
from connectors.intake.hubspot_forms import HubSpotForms
from connectors.intake.intercom import Intercom
from connectors.intake.jotform import Jotform
from connectors.intake.lead_dialects import (
    BANKRATE,
    FREE_RATE_UPDATE,
    LEAD_POPS,
    LEADPOINT,
    REALTOR_COM,
    ZILLOW,
)
from connectors.intake.lead_vendor import LeadVendor
from connectors.intake.lendingtree import LendingTree
from connectors.intake.linkedin import LinkedIn
from connectors.intake.mail import Mail
from connectors.intake.mailgun import Mailgun
from connectors.intake.maxwell import Maxwell
from connectors.intake.meta_lead_ads import MetaLeadAds
from connectors.intake.mismo import Mismo
from connectors.intake.ncino import NCino
from connectors.intake.netlify import Netlify
from connectors.intake.ninja_forms import NinjaForms
from connectors.intake.postmark import Postmark
from connectors.intake.ringcentral import RingCentral
from connectors.intake.sendgrid import SendGrid
from connectors.intake.ses import Ses
from connectors.intake.twilio import Twilio
from connectors.intake.typeform import Typeform
from connectors.intake.unbounce import Unbounce
from connectors.intake.velocify import Velocify
from connectors.intake.webflow import Webflow
from connectors.intake.wix import Wix
from connectors.intake.wpforms import WpForms

ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "api": Api(),
        "adf": Adf(),
        "application_events": ApplicationEvents(),
        "application_link": ApplicationLink(),
        "bankrate": LeadVendor(BANKRATE),
        "blend": Blend(),
        "cal_com": CalCom(),
        "calendly": Calendly(),
        "callrail": CallRail(),
        "canadian_mortgage_app": CanadianMortgageApp(),
        "contact_form_7": ContactForm7(),
        "csv": CsvRows(),
        "elementor": Elementor(),
        "email": Mail(),
        "encompass": Encompass(),
        "finmo": Finmo(),
        "fluent_forms": FluentForms(),
        "form": Form(),
        "formspree": Formspree(),
        "free_rate_update": LeadVendor(FREE_RATE_UPDATE),
        "google_ads": GoogleAds(),
        "google_forms": GoogleForms(),
        "gravity_forms": GravityForms(),
        "hosted_form": HostedForm(),
        "hubspot_forms": HubSpotForms(),
        "intercom": Intercom(),
        "jotform": Jotform(),
        "leadpoint": LeadVendor(LEADPOINT),
        "leadpops": LeadVendor(LEAD_POPS),
        "lendingtree": LendingTree(),
        "linkedin": LinkedIn(),
        "mailgun": Mailgun(),
        "maxwell": Maxwell(),
        "meta_lead_ads": MetaLeadAds(),
        "mismo": Mismo(),
        "ncino": NCino(),
        "netlify": Netlify(),
        "ninja_forms": NinjaForms(),
        "postmark": Postmark(),
        "realtor_com": LeadVendor(REALTOR_COM),
        "ringcentral": RingCentral(),
        "sendgrid": SendGrid(),
        "ses": Ses(),
        "twilio": Twilio(),
        "typeform": Typeform(),
        "unbounce": Unbounce(),
        "velocify": Velocify(),
        "webflow": Webflow(),
        "wix": Wix(),
        "wpforms": WpForms(),
        "zillow": LeadVendor(ZILLOW),
    }
)
