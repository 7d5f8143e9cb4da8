"""Invented people who ask for mortgages."""

from __future__ import annotations

import random
from dataclasses import dataclass

_FIRST = (
    "Renata",
    "Leopold",
    "Amara",
    "Tomas",
    "Ingrid",
    "Kofi",
    "Mei",
    "Santiago",
    "Priya",
    "Oskar",
    "Noor",
    "Bram",
)
# As many as a burst needs: hundreds of one name would be a question of identity, not of speed.
_LAST_NAMES = """
Okafor Grunwald Delgado Lindqvist Mensah Tanaka Ferreira Novak Haddad Sorensen Abbott Acosta Adeyemi
Ahmed Alvarado Andersen Arsenault Baptiste Barlow Bauer Beaulieu Becker Bianchi Bishop Bouchard Brandt
Brennan Burke Cabrera Callahan Campos Carvalho Castellanos Chandra Chen Cho Christensen Cohen Collins
Costa Crawford Cruz Dalton Das Demir Desjardins Diaz Diallo Doyle Dubois Duarte Eriksen Espinoza Farrell
Fischer Fontaine Fournier Fraser Gagnon Gallagher Ghosh Gill Goldberg Gordon Greco Gupta Gutierrez
Hansen Hartley Hayashi Henriksen Herrera Hoang Hoffman Horvat Hughes Ibrahim Ivanova Jansen Jensen Joshi
Kamara Kaplan Karlsson Kaur Keller Khan Kim Kovacs Kowalski Kruger Lachance Lambert Larsen Lavoie
Leblanc Leclerc Lehmann Levy Lozano Lund MacLeod Madsen Malik Marchetti Marino Matsuda Maurer Mbeki
McKenna Medina Mehta Meyer Mikkelsen Moreau Morales Moretti Moss Nakamura Nair Ng Nguyen Nielsen Nkosi
Oconnor Oduya Okoye Olsen Ortega Osei Pacheco Paquette Park Patel Paulson Peltier Pereira Petrov Pham
Poirier Popov Quinn Raman Rao Reyes Ribeiro Rivera Rossi Rousseau Salazar Sandoval Santos Sato Schmidt
Schwartz Shah Sharma Silva Simard Singh Sokolov Stein Sullivan Suzuki Takeda Tan Thibault Torres Tran
Tremblay Vargas Vasquez Villeneuve Vogel Wagner Walsh Weber Whitaker Wilkins Wong Wu Yamada Yilmaz Zhang
Ziegler
"""
_LAST = tuple(_LAST_NAMES.split())
_NEEDS = ("Purchase", "Refinance", "Pre-approval", "Debt consolidation", "Commercial", "Construction")
_STATES = ("CA", "TX", "FL", "NY")


@dataclass(frozen=True)
class Person:
    """One borrower; number tells people apart."""

    number: int
    first: str
    last: str
    email: str
    phone: str


def person(number: int) -> Person:
    """The same person for the same number; no two share an email or a phone."""
    first, last = _FIRST[number % len(_FIRST)], _LAST[number // len(_FIRST) % len(_LAST)]
    # 415-2xx-xxxx numbers are valid in form; the people are not.
    phone = f"+1415{2_000_000 + number:07d}"
    return Person(number, first, last, f"{first}.{last}.{number}@example.com".lower(), phone)


def form_fields(who: Person, number: int) -> dict[str, str]:
    """A website form as this person fills it in; number makes the inquiry a different one."""
    dice = random.Random(number)
    return {
        "submission_id": f"fleet-{number}",
        "first_name": who.first,
        "last_name": who.last,
        "email": who.email,
        "phone": who.phone,
        "loan_type": dice.choice(_NEEDS),
        "property_state": dice.choice(_STATES),
        "loan_amount": f"${dice.randrange(150, 950)},000",
        "message": f"Please call me about request {number}.",
    }
