"""The words that merge fields bring along, in English, Spanish and French."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from mapping.inquiry import Amount, InquiryType

GREETINGS = {"en": "Hi", "es": "Hola", "fr": "Bonjour"}
AND = {"en": "and", "es": "y", "fr": "et"}
OPT_OUT = {
    "text": {
        "en": "Reply STOP to opt out.",
        "es": "STOP para no recibir más.",
        "fr": "ARRET pour cesser.",
    },
    "email": {
        "en": 'Reply "unsubscribe" and I will not write again.',
        "es": 'Responda "baja" y no volveré a escribirle.',
        "fr": "Répondez « désabonner » et je ne vous écrirai plus.",
    },
}

NEEDS: dict[InquiryType, tuple[str, str, str]] = {
    InquiryType.PURCHASE: ("home purchase", "compra de vivienda", "achat"),
    InquiryType.REFINANCE: ("refinance", "refinanciamiento", "refinancement"),
    InquiryType.RENEWAL: ("renewal", "renovación", "renouvellement"),
    InquiryType.PRE_APPROVAL: ("pre-approval", "preaprobación", "préapprobation"),
    InquiryType.SECOND_MORTGAGE: ("second mortgage", "segunda hipoteca", "deuxième hypothèque"),
    InquiryType.DEBT_CONSOLIDATION: ("debt consolidation", "consolidación", "consolidation de dettes"),
    InquiryType.CONSTRUCTION: ("construction loan", "crédito para construir", "prêt de construction"),
    InquiryType.COMMERCIAL: ("commercial loan", "crédito comercial", "prêt commercial"),
}
_QUESTION = ("mortgage question", "consulta hipotecaria", "question hypothécaire")

#: Labels of the canonical fields that checklists ask for, as they are asked for in Spanish and French.
ASKED = {
    "Name": ("nombre completo", "nom complet"),
    "Phone": ("teléfono", "téléphone"),
    "Email": ("correo electrónico", "courriel"),
    "Company": ("empresa", "entreprise"),
    "Property state": ("estado de la propiedad", "province de la propriété"),
    "Property city": ("ciudad de la propiedad", "ville de la propriété"),
    "Property value": ("valor de la propiedad", "valeur de la propriété"),
    "Property type": ("tipo de propiedad", "type de propriété"),
    "Property use": ("uso de la propiedad", "usage de la propriété"),
    "Loan amount": ("monto del préstamo", "montant du prêt"),
    "Down payment": ("pago inicial", "mise de fonds"),
    "Timeframe": ("plazo", "échéancier"),
    "Timeframe, date": ("fecha", "date"),
    "Credit band": ("nivel de crédito", "niveau de crédit"),
    "Employment": ("empleo", "emploi"),
    "Referral partner": ("quién le recomendó", "qui vous a recommandé"),
    "Referral partner email": ("correo de quien le recomendó", "courriel de qui vous a recommandé"),
}

_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
    "es": (
        *("enero", "febrero", "marzo", "abril", "mayo", "junio"),
        *("julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
}


def need_in(kind: InquiryType, language: str) -> str:
    """What an inquiry is about."""
    return NEEDS.get(kind, _QUESTION)[("en", "es", "fr").index(language)]


def date_in(day: date, language: str) -> str:
    """ "June 30, 2027", "30 de junio de 2027", "30 juin 2027"."""
    month = _MONTHS[language][day.month - 1]
    if language == "en":
        return f"{month} {day.day}, {day.year}"
    return (
        f"{day.day} de {month} de {day.year}" if language == "es" else f"{_ordinal(day)} {month} {day.year}"
    )


def moment_in(moment: datetime, language: str) -> str:
    """ "Wednesday, June 10 at 10:30 AM EDT" and so on; moment is in the zone whose clock counts."""
    weekday, month = _DAYS[language][moment.weekday()], _MONTHS[language][moment.month - 1]
    zone = moment.strftime("%Z")
    if language == "en":
        hour = moment.strftime("%I:%M %p").lstrip("0")
        return f"{weekday}, {month} {moment.day} at {hour} {zone}"
    if language == "es":
        return f"{weekday} {moment.day} de {month} a las {moment:%H:%M} {zone}"
    return f"{weekday} {_ordinal(moment)} {month} à {moment.hour} h {moment:%M} {zone}"


def amount_in(amount: Amount, language: str) -> str:
    """ "$450,000" or "450 000 $"; "" for a range or nothing."""
    value: Decimal | None = amount.value
    if value is None:
        return ""
    return f"{value:,.0f} $".replace(",", "\u00a0") if language == "fr" else f"${value:,.0f}"


def joined(words: tuple[str, ...], language: str) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {AND[language]} {words[-1]}"


def _ordinal(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)
