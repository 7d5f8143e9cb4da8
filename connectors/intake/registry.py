"""The ways in that an intake path can choose from, by the name its configuration uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.intake.adf import Adf
from connectors.intake.base import Adapter
from connectors.intake.cal_com import CalCom
from connectors.intake.calendly import Calendly
from connectors.intake.callrail import CallRail
from connectors.intake.csv_rows import CsvRows
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
from connectors.intake.meta_lead_ads import MetaLeadAds
from connectors.intake.mismo import Mismo
from connectors.intake.ringcentral import RingCentral
from connectors.intake.twilio import Twilio
from connectors.intake.typeform import Typeform
from connectors.intake.velocify import Velocify

ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "adf": Adf(),
        "bankrate": LeadVendor(BANKRATE),
        "cal_com": CalCom(),
        "calendly": Calendly(),
        "callrail": CallRail(),
        "csv": CsvRows(),
        "form": Form(),
        "free_rate_update": LeadVendor(FREE_RATE_UPDATE),
        "google_ads": GoogleAds(),
        "hosted_form": HostedForm(),
        "intercom": Intercom(),
        "leadpoint": LeadVendor(LEADPOINT),
        "leadpops": LeadVendor(LEAD_POPS),
        "lendingtree": LendingTree(),
        "linkedin": LinkedIn(),
        "meta_lead_ads": MetaLeadAds(),
        "mismo": Mismo(),
        "realtor_com": LeadVendor(REALTOR_COM),
        "ringcentral": RingCentral(),
        "twilio": Twilio(),
        "typeform": Typeform(),
        "velocify": Velocify(),
        "zillow": LeadVendor(ZILLOW),
    }
)
