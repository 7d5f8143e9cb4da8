"""The ways in that an intake path can choose from, by the name its configuration uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.intake.adf import Adf
from connectors.intake.application_events import ApplicationEvents
from connectors.intake.base import Adapter
from connectors.intake.blend import Blend
from connectors.intake.cal_com import CalCom
from connectors.intake.calendly import Calendly
from connectors.intake.callrail import CallRail
from connectors.intake.canadian_mortgage_app import CanadianMortgageApp
from connectors.intake.csv_rows import CsvRows
from connectors.intake.encompass import Encompass
from connectors.intake.finmo import Finmo
from connectors.intake.form import Form
from connectors.intake.google_ads import GoogleAds
from connectors.intake.hosted import HostedForm
from connectors.intake.intercom import Intercom
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
from connectors.intake.maxwell import Maxwell
from connectors.intake.meta_lead_ads import MetaLeadAds
from connectors.intake.mismo import Mismo
from connectors.intake.ncino import NCino
from connectors.intake.ringcentral import RingCentral
from connectors.intake.twilio import Twilio
from connectors.intake.typeform import Typeform
from connectors.intake.velocify import Velocify

ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "adf": Adf(),
        "application_events": ApplicationEvents(),
        "bankrate": LeadVendor(BANKRATE),
        "blend": Blend(),
        "cal_com": CalCom(),
        "calendly": Calendly(),
        "callrail": CallRail(),
        "canadian_mortgage_app": CanadianMortgageApp(),
        "csv": CsvRows(),
        "encompass": Encompass(),
        "finmo": Finmo(),
        "form": Form(),
        "free_rate_update": LeadVendor(FREE_RATE_UPDATE),
        "google_ads": GoogleAds(),
        "hosted_form": HostedForm(),
        "intercom": Intercom(),
        "leadpoint": LeadVendor(LEADPOINT),
        "leadpops": LeadVendor(LEAD_POPS),
        "lendingtree": LendingTree(),
        "linkedin": LinkedIn(),
        "maxwell": Maxwell(),
        "meta_lead_ads": MetaLeadAds(),
        "mismo": Mismo(),
        "ncino": NCino(),
        "realtor_com": LeadVendor(REALTOR_COM),
        "ringcentral": RingCentral(),
        "twilio": Twilio(),
        "typeform": Typeform(),
        "velocify": Velocify(),
        "zillow": LeadVendor(ZILLOW),
    }
)
