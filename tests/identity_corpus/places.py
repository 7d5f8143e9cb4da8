"""Where the invented people live: cities of a few brokerages' territories, streets, phone numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass

# City, state, first three of the postal code, area codes, weight.
_CITIES = """
Austin TX 787 512,737 14|Dallas TX 752 214,972 12|Houston TX 770 713,832 12|San Antonio TX 782 210 9
Round Rock TX 786 512 3|Plano TX 750 972 4|El Paso TX 799 915 3|Phoenix AZ 850 602,480 9
Tucson AZ 857 520 4|Mesa AZ 852 480 4|Denver CO 802 303,720 6|Aurora CO 800 303 3|Tampa FL 336 813 6
Orlando FL 328 407 6|Miami FL 331 305,786 8|San Diego CA 921 619,858 7|Sacramento CA 958 916 5
Fresno CA 937 559 4|San Jose CA 951 408 6|Riverside CA 925 951 4|Toronto ON M5V 416,647 10
Mississauga ON L5B 905 5|Brampton ON L6P 905 5|Ottawa ON K1P 613 5|Hamilton ON L8P 905 3
Montréal QC H2X 514,438 6|Laval QC H7T 450 3|Québec QC G1R 418 3
"""
_STREETS = """
Oak Maple Cedar Pine Elm Walnut Willow Chestnut Magnolia Birch Main Park Lake Hill Church Mill River Spring
Washington Lincoln Jefferson Madison Franklin Jackson Adams Monroe Cherry Sunset Highland Meadow Forest
Valley Ridge Prospect Garden Harbor Orchard Pecan Juniper Cypress Laurel Hickory Dogwood Sycamore Poplar
Aspen Fern Canyon Mesa Prairie Cottonwood Bluebonnet Longhorn Stagecoach Copper Granite Quartz Saddle
Falcon Heron Quail Dove Robin Meadowlark Windmill Harvest Autumn Morning Evening Crescent Wellington
Dundas Queen King Victoria Albert Sherbrooke Laurier Champlain Frontenac Papineau Fairview Glenwood
Brookside Creekside Stonebridge
""".split()  # noqa: SIM905
_TYPES = (
    *(("Street", "St"), ("Avenue", "Ave"), ("Drive", "Dr"), ("Road", "Rd"), ("Lane", "Ln"), ("Court", "Ct")),
    *(("Boulevard", "Blvd"), ("Way", "Way"), ("Circle", "Cir"), ("Trail", "Trl"), ("Place", "Pl")),
)


@dataclass(frozen=True, slots=True)
class City:
    """A city with what its people's addresses and numbers begin with."""

    name: str
    state: str
    postal: str
    areas: tuple[str, ...]


def _read(text: str) -> tuple[list[City], list[int]]:
    entries = [entry.split() for line in text.split("\n") if line for entry in line.split("|")]
    cities = [
        City(" ".join(words[:-4]), words[-4], words[-3], tuple(words[-2].split(","))) for words in entries
    ]
    return cities, [int(words[-1]) for words in entries]


_CITY_LIST, _WEIGHTS = _read(_CITIES)


@dataclass(frozen=True, slots=True)
class Home:
    """An address; unit is "" for a house."""

    number: int
    name: str
    kind: int  # of _TYPES
    unit: str
    city: City
    postal_code: str

    def street(self, *, short: bool, unit: bool = True) -> str:
        """ "12 Oak Street Apt 4", or with "St"."""
        line = f"{self.number} {self.name} {_TYPES[self.kind][short]}"
        return f"{line} Apt {self.unit}" if self.unit and unit else line


def city(dice: random.Random) -> City:
    """As often as it has inquiries."""
    return dice.choices(_CITY_LIST, _WEIGHTS)[0]


def french_city(dice: random.Random) -> City:
    """A city of Québec."""
    return dice.choice([one for one in _CITY_LIST if one.state == "QC"])


def home(dice: random.Random, where: City) -> Home:
    """A house, or a flat in a building of its own."""
    unit = str(dice.randrange(1, 40)) if dice.random() < 0.22 else ""
    return Home(
        dice.randrange(100, 9900),
        dice.choice(_STREETS),
        dice.randrange(len(_TYPES)),
        unit,
        where,
        postal_code(dice, where),
    )


def postal_code(dice: random.Random, where: City) -> str:
    """One of the city's."""
    if where.postal.isdigit():
        return f"{where.postal}{dice.randrange(1, 60):02d}"
    return f"{where.postal} {dice.randrange(10)}{dice.choice('ABCEHJKLMNPRSTVWXYZ')}{dice.randrange(10)}"


def phone(dice: random.Random, where: City) -> str:
    """Ten digits, valid in form; nearly one in five keeps a number from elsewhere."""
    area = dice.choice(where.areas) if dice.random() < 0.82 else dice.choice(city(dice).areas)
    exchange = f"{dice.randrange(2, 10)}{dice.randrange(100):02d}"
    if exchange == "555" or exchange[1:] == "11":
        exchange = "678"
    return f"{area}{exchange}{dice.randrange(10_000):04d}"
