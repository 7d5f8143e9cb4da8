"""The merge fields of message templates: what each one is, what stands in for it when it is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LANGUAGES = ("en", "es", "fr")


@dataclass(frozen=True, slots=True)
class MergeField:
    """longest is what a text is checked with, missing what each language writes instead of no value.

    needs names the keys of [brokerage] without which it has nothing to say.
    """

    about: str
    longest: str
    missing: Mapping[str, str]
    needs: tuple[str, ...] = ()


class Missing(str):
    """What is written instead of a value that is not known; an {% if %} takes it for no."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


def _field(
    about: str, longest: str, en: str = "", es: str = "", fr: str = "", needs: tuple[str, ...] = ()
) -> MergeField:
    return MergeField(about, longest, MappingProxyType({"en": en, "es": es, "fr": fr}), needs)


FIELDS: Mapping[str, MergeField] = MappingProxyType(
    {
        "greeting": _field(
            "Hi and the first name; Hello when that is not known.",
            "Bonjour Maria-Fernanda",
            "Hello",
            "Hola",
            "Bonjour",
        ),
        "borrower.first_name": _field("The borrower's first name.", "Maria-Fernanda", "there"),
        "borrower.last_name": _field("The borrower's last name.", "Featherstonehaugh"),
        "borrower.full_name": _field("The borrower's whole name.", "Maria-Fernanda Featherstonehaugh", "you"),
        "owner.name": _field(
            "The loan officer.",
            "Bartholomew Featherstone",
            "your loan officer",
            "su asesor",
            "votre conseiller",
        ),
        "owner.first_name": _field(
            "The loan officer's first name.",
            "Bartholomew",
            "your loan officer",
            "su asesor",
            "votre conseiller",
        ),
        "owner.email": _field("The loan officer's address.", "bartholomew@example.com"),
        "owner.phone": _field(
            "The loan officer's number, else the office's.", "(212) 555-0132", needs=("phone",)
        ),
        "owner.licence": _field("The loan officer's licence where the property is.", "CA-DFPI-1000001"),
        "brokerage.name": _field("The brokerage.", "", needs=("name",)),
        "brokerage.licence": _field("The brokerage's licence.", "", needs=("licence",)),
        "brokerage.address": _field("The brokerage's postal address.", "", needs=("address",)),
        "brokerage.phone": _field("The office's number.", "", needs=("phone",)),
        "link.apply": _field("Where to apply.", "", needs=("apply_link",)),
        "link.documents": _field("Where to send documents.", "", needs=("documents_link",)),
        "link.booking": _field("Where to book a call.", "", needs=("booking_link",)),
        "signature": _field(
            "Name, licences, address and how to end these emails.", "", needs=("name", "licence", "address")
        ),
        "opt_out": _field("How to end these texts or emails.", ""),
        "need": _field("What it is about: home purchase, refinance ...", "debt consolidation"),
        "property.city": _field(
            "The property's town.", "San Luis Obispo", "your area", "su zona", "votre secteur"
        ),
        "property.place": _field(
            "The property's town and state.", "San Luis Obispo, CA", "your area", "su zona", "votre secteur"
        ),
        "loan.amount": _field(
            "The loan amount.",
            "$1,250,000",
            "the amount you need",
            "el monto que necesita",
            "le montant voulu",
        ),
        "missing": _field(
            "What is still missing, in one line.",
            "",  # a text that it makes too long says "a few documents" instead
            "a few documents",
            "algunos documentos",
            "quelques documents",
        ),
        "missing_list": _field(
            "What is still missing, one to a line.",
            "- pay stubs\n- W-2 forms",
            "- a few documents",
            "- algunos documentos",
            "- quelques documents",
        ),
        "meeting.time": _field(
            "When the meeting is, by the borrower's clock.",
            "Wednesday, September 23 at 10:30 AM EDT",  # and as long in other languages
            "the time we agreed on",
            "la hora acordada",
            "l'heure convenue",
        ),
        "renewal.date": _field(
            "When the present term ends.",
            "September 30, 2027",
            "the date in your contract",
            "día que dice su contrato",
            "jour prévu au contrat",
        ),
        "partner.name": _field(
            "Who sent the borrower.",
            "Maria-Fernanda Featherstonehaugh",
            "your referral",
            "su contacto",
            "votre contact",
        ),
    }
)
