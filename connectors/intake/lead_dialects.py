"""What lead vendors call things: the tables behind LeadVendor, one for each vendor."""

from __future__ import annotations

from connectors.intake.lead_vendor import Dialect
from mapping.answers import UNMAPPED
from mapping.canonical import IGNORE
from mapping.labels.slugs import days, score_range


def _range_of(text: str) -> str:
    low, _, high = text.partition(" ")
    return score_range(low, high)


EVIDENCE = {
    "xxtrustedformcerturl": "certificate_url",
    "trustedformcerturl": "certificate_url",
    "trustedformurl": "certificate_url",
    "trustedform": "certificate_url",
    "universalleadid": "lead_id_token",
    "leadidtoken": "lead_id_token",
    "jornayaleadid": "lead_id_token",
    "jornayaid": "lead_id_token",
    "tcpatext": "consent_text",
    "tcpaconsenttext": "consent_text",
    "tcpalanguage": "consent_text",
    "disclosuretext": "consent_text",
    "xxtrustedformtoken": UNMAPPED,
    "xxtrustedformpingurl": UNMAPPED,
}

ZILLOW = Dialect(
    "zillow",
    {
        "sender.firstname": "first_name",
        "sender.lastname": "last_name",
        "sender.emailaddress": "email",
        "sender.phonenumber": "phone",
        "recipient.emailaddress": "assigned_to",
        "recipient.firstname": IGNORE,
        "recipient.lastname": IGNORE,
        "recipient.phonenumber": IGNORE,
        "recipient.lenderid": IGNORE,
        "recipient.nmlslicense": IGNORE,
        "details.loanpurpose": "inquiry_type",
        "details.loanamount": "loan_amount",
        "details.currentbalance": "loan_amount",
        "details.downpayment": "down_payment",
        "details.propertyvalue": "property_value",
        "details.creditscorerange": "credit_band",
        "details.propertyuse": "property_use",
        "details.propertytype": "property_type",
        "details.propertyaddress": "property_street",
        "details.stateabbreviation": "property_state",
        "details.state": "property_state",
        "details.zipcode": "property_postal_code",
        "details.city": "property_city",
        "details.closingtimelinedays": "timeframe",
        "details.coborrowerfirstname": "co_first_name",
        "details.coborrowerlastname": "co_last_name",
        "details.coborroweremailaddress": "co_email",
        "details.coborrowerphonenumber": "co_phone",
        "details.agentbusinessname": "partner_company",
        "details.agentemailaddress": "partner_email",
        "details.agentphonenumber": "partner_phone",
        "details.message": "message",
        "price": IGNORE,
        "type": "inquiry_type",  # propertyPreapproval says more than the purpose; the others say nothing
    },
    ids=("id",),
    times=("created",),
    guesses=False,
    together={
        "agentName": (("details.agentfirstname", "details.agentlastname"), "partner_name"),
        "creditScore": (("details.creditscorelow", "details.creditscorehigh"), "credit_band"),
    },
    reads={"details.closingtimelinedays": days, "creditScore": _range_of},
    needs=("sender.firstname", "sender.emailaddress", "sender.phonenumber", "details.loanpurpose"),
)

REALTOR_COM = Dialect(
    "realtor-com",
    {
        "leadconsumerinfo.firstname": "first_name",
        "leadconsumerinfo.lastname": "last_name",
        "leadconsumerinfo.email": "email",
        "leadconsumerinfo.phone": "phone",
        "leadconsumerinfo.message": "message",
        "leadconsumerinfo.comments": "message",
        "leadpropertyinfo.propertyprice": "property_value",
        "leadpropertyinfo.propertystatecode": "property_state",
        "leadpropertyinfo.propertyzip": "property_postal_code",
        "leadpropertyinfo.propertycity": "property_city",
        "leadpropertyinfo.propertystreetaddress": "property_street",
        "leadpropertyinfo.propertytype": "property_type",
    },
    ids=("leadid", "leadinfo.id", "lead.id"),
    times=("leadsubmittedat", "leadcreated", "createdat"),
    guesses=False,
    needs=("leadconsumerinfo.firstname", "leadconsumerinfo.email", "leadconsumerinfo.phone"),
)

LEAD_POPS = Dialect(
    "leadpops",
    {
        **EVIDENCE,
        "coborrower.firstname": "co_first_name",
        "coborrower.lastname": "co_last_name",
        "coborrower.email": "co_email",
        "coborrower.phone": "co_phone",
        "dwellinguse": "property_use",
        "dwellingtype": "property_type",
        "notes": "message",
    },
    ids=("leadid", "submissionid", "externalid", "lead.id", "uuid"),
    times=("submittedat", "createdat", "timestamp"),
)

BANKRATE = Dialect("bankrate", LEAD_POPS.fields, ids=LEAD_POPS.ids, times=LEAD_POPS.times)

LEADPOINT = Dialect(
    "leadpoint",
    {
        **EVIDENCE,
        "fname": "first_name",
        "lname": "last_name",
        "email": "email",
        "priphon": "phone",
        "secphon": "phone",
        "address": "street",
        "city": "city",
        "state": "state",
        "zip": "postal_code",
        "propst": "property_state",
        "propstate": "property_state",
        "propzip": "property_postal_code",
        "propcity": "property_city",
        "propaddr": "property_street",
        "propval": "property_value",
        "proptype": "property_type",
        "propdesc": "property_type",
        "propuse": "property_use",
        "loanpurp": "inquiry_type",
        "loanval": "loan_amount",
        "loanamt": "loan_amount",
        "mortbal": "loan_amount",
        "downpmt": "down_payment",
        "credgrade": "credit_band",
        "agentcompany": "partner_company",
        "agentemail": "partner_email",
        "agentphone": "partner_phone",
        "agentphon": "partner_phone",
        "agentname": "partner_name",
        "besttime": "preferred_time",
        "comments": "message",
    },
    ids=("leadid", "recid", "uniqueid"),
    together={"AGENT": (("agentfname", "agentlname"), "partner_name")},
)

FREE_RATE_UPDATE = Dialect(
    "free-rate-update",
    {
        **EVIDENCE,
        "loanpurpose": "inquiry_type",
        "loantype": UNMAPPED,  # FHA, VA, conventional: a programme, no purpose
        "mortgagebalance": "loan_amount",
        "firstmortgagebalance": "loan_amount",
        "homevalue": "property_value",
        "creditrating": "credit_band",
    },
    ids=("leadid", "id", "lead.id"),
    times=("submittedat", "timestamp"),
)

VELOCIFY = Dialect(
    "velocify-format",
    {
        **EVIDENCE,
        "dayphone": "phone",
        "phonehome": "phone",
        "phonecell": "phone",
        "phonework": "phone",
        "homephone": "phone",
        "workphone": "phone",
        "cashout": UNMAPPED,
        "leadsourceid": UNMAPPED,
        "provider": UNMAPPED,
        "client": IGNORE,
        "campaignid": "campaign",
        "xmlresponse": IGNORE,
        "token": IGNORE,
    },
    ids=("vendorleadid", "leadid", "externalid", "refid", "uniqueid"),
)
