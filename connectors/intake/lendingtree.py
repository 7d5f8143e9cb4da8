"""LendingTree's three shapes (XML, JSON, LTXML): in JSON the purpose is the name of a container."""

from __future__ import annotations

from dataclasses import replace

from connectors.intake.base import Document
from connectors.intake.lead_dialects import EVIDENCE
from connectors.intake.lead_vendor import Dialect, LeadVendor
from connectors.intake.xml_body import every
from mapping.answers import UNMAPPED, Answer, Answers

LENDING_TREE = Dialect(
    "lendingtree",
    {
        **EVIDENCE,
        "firstname": "first_name",
        "lastname": "last_name",
        "middlename": "middle_name",
        "suffix": "suffix",
        "coborrower.firstname": "co_first_name",
        "coborrower.lastname": "co_last_name",
        "coborrower.emailaddress": "co_email",
        "coborrower.dateofbirth": "co_date_of_birth",
        "coborrowerinformation.firstname": "co_first_name",
        "coborrowerinformation.lastname": "co_last_name",
        "emailaddress": "email",
        "email": "email",
        "contactphone": "phone",
        "primaryphone": "phone",
        "primaryphone.number": "phone",
        "homephone": "phone",
        "mobilephone": "phone",
        "cellphone": "phone",
        "workphone": "phone",
        "contactphoneextension": "phone_ext",
        "contactaddress": "street",
        "contactcity": "city",
        "contactstate": "state",
        "contactzip": "postal_code",
        "contact.address": "street",
        "contact.address.street": "street",
        "contact.streetaddress": "street",
        "contact.city": "city",
        "contact.address.city": "city",
        "contact.state": "state",
        "contact.address.state": "state",
        "contact.zip": "postal_code",
        "contact.zipcode": "postal_code",
        "contact.postalcode": "postal_code",
        "contact.address.zip": "postal_code",
        "contact.address.zipcode": "postal_code",
        "contact.address.postalcode": "postal_code",
        "contact.address.streetaddress": "street",
        "contact.address.line1": "street",
        "phone": "phone",
        "phonenumber": "phone",
        "phone.number": "phone",
        "besttimetocontact": "preferred_time",
        "borrower.address": "street",
        "borrower.city": "city",
        "borrower.state": "state",
        "borrower.zip": "postal_code",
        "timetocontact": "preferred_time",
        "contacttime": "preferred_time",
        "dateofbirth": "date_of_birth",
        "selfcreditrating": "credit_band",
        "assignedcreditvalue": "credit_band",
        "profile.credit": "credit_band",
        "credit.selfrating": "credit_band",
        "creditrating": "credit_band",
        "creditscore": "credit_band",
        "credit.rating": "credit_band",
        "credit.score": "credit_band",
        "credit.range": "credit_band",
        "timeframe": "timeframe",
        "purchasetimeframe": "timeframe",
        "propertyvalue": "property_value",
        "estimatedpropertyvalue": "property_value",
        "purchaseprice": "property_value",
        "propertycity": "property_city",
        "propertystate": "property_state",
        "propertyzip": "property_postal_code",
        "propertyaddress": "property_street",
        "property.address": "property_street",
        "property.street": "property_street",
        "property.city": "property_city",
        "property.address.street": "property_street",
        "property.address.city": "property_city",
        "property.address.state": "property_state",
        "property.address.zip": "property_postal_code",
        "property.address.zipcode": "property_postal_code",
        "property.address.postalcode": "property_postal_code",
        "property.estimatedvalue": "property_value",
        "property.state": "property_state",
        "property.zip": "property_postal_code",
        "property.zipcode": "property_postal_code",
        "property.postalcode": "property_postal_code",
        "property.type": "property_type",
        "property.use": "property_use",
        "property.value": "property_value",
        "propertytype": "property_type",
        "propertyuse": "property_use",
        "loanrequesttype": "inquiry_type",
        "transactiontype": "inquiry_type",
        "loanpurpose": "inquiry_type",
        "loantype": "inquiry_type",
        "loanamount": "loan_amount",
        "mortgagebalance": "loan_amount",
        "currentbalance": "loan_amount",
        "downpayment": "down_payment",
        "filterroutingid": UNMAPPED,
    },
    ids=("trackingnumber", "leadexternalid", "leadid"),
    times=("requestassignmentdate", "createddate", "submittedat"),
    guesses=False,
    needs=("firstname", "lastname", "emailaddress", "contactphone", "primaryphone", "email"),
)

_CONTAINERS = (
    ("mortgagePurchase", "purchase"),
    ("mortgageRefinance", "refinance"),
    ("homeEquity", "home equity"),
    ("reverseMortgage", "reverse mortgage"),
)


class LendingTree(LeadVendor):
    """One lead per call."""

    def __init__(self) -> None:
        super().__init__(LENDING_TREE)

    def lead(self, document: Document) -> Answers:
        """The lead, with its purpose. Raises Unreadable: wrong_shape, too_many_fields."""
        answers = super().lead(document)
        if document.kind != "json" or any(item.field == "inquiry_type" for item in answers.items):
            return answers
        found = [
            Answer(name, "", (words,), "inquiry_type")
            for name, words in _CONTAINERS
            if _holds(document, name)
        ]
        return replace(answers, items=(*answers.items, *found[:1]))


def _holds(document: Document, name: str) -> bool:
    return any(isinstance(content, dict) and bool(content) for content in every(document.json, name))
