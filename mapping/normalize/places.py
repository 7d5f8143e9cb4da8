"""States, provinces, postal codes and one-line addresses of the United States and Canada."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from mapping.normalize.text import fold, tidy_line

_US_NAMES = """
AL alabama/ala|AK alaska|AZ arizona/ariz|AR arkansas/ark|CA california/calif/californie|CO colorado/colo
CT connecticut/conn|DE delaware
DC district of columbia/washington dc/washington d c/district de columbia/distrito de columbia
FL florida/fla/floride|GA georgia/georgie|HI hawaii/hawai/hawaiʻi|ID idaho|IL illinois/ill
IN indiana/ind|IA iowa|KS kansas/kan/kans|KY kentucky|LA louisiana/louisiane/luisiana
ME maine|MD maryland|MA massachusetts/mass
MI michigan/mich|MN minnesota/minn|MS mississippi/misisipi|MO missouri/misuri|MT montana/mont
NE nebraska/neb/nebr|NV nevada/nev|NH new hampshire/nuevo hampshire|NJ new jersey/nueva jersey
NM new mexico/nouveau mexique/nuevo mexico/n mex|NY new york/nueva york/new york city/nyc
NC north carolina/caroline du nord/carolina del norte/n carolina
ND north dakota/dakota du nord/dakota del norte/n dakota|OH ohio|OK oklahoma/okla|OR oregon/ore
PA pennsylvania/penn/penna/pennsylvanie/pensilvania|RI rhode island
SC south carolina/caroline du sud/carolina del sur/s carolina
SD south dakota/dakota du sud/dakota del sur/s dakota|TN tennessee/tenn|TX texas/tejas/tex|UT utah|VT vermont
VA virginia/virginie|WA washington/wash|WV west virginia/virginie occidentale/virginia occidental/w virginia
WI wisconsin/wis/wisc|WY wyoming/wyo
PR puerto rico/porto rico|GU guam|VI virgin islands/us virgin islands
AS american samoa|MP northern mariana islands
"""
_CA_NAMES = """
AB alberta/alta|BC british columbia/colombie britannique/columbia britanica/c b/cb|MB manitoba
NB new brunswick/nouveau brunswick/nuevo brunswick
NL newfoundland and labrador/newfoundland labrador/newfoundland/labrador/nfld/terre neuve
NL terre neuve et labrador/terre neuve labrador/terranova
NS nova scotia/nouvelle ecosse/nueva escocia
NT northwest territories/territoires du nord ouest/territorios del noroeste/nwt|NU nunavut|ON ontario/ont
PE prince edward island/ile du prince edouard/isla del principe eduardo/pei/ipe
QC quebec/que/pq|SK saskatchewan/sask|YT yukon/yukon territory
"""


def _names(table: str) -> dict[str, str]:
    entries = (
        entry.strip().split(" ", 1) for line in table.strip().splitlines() for entry in line.split("|")
    )
    pairs = [(code, name) for code, names in entries for name in (code.lower(), *names.split("/"))]
    return {name: code for code, name in pairs}


_US, _CA = _names(_US_NAMES), _names(_CA_NAMES)
_STATES = {**_US, **_CA}
_PROVINCES = frozenset(_CA.values())

# First three digits of a ZIP code -> state, where each range begins (USPS Domestic Mail Manual L002);
# "" marks military mail and unused ranges.
_ZIP3 = (
    (0, ""), (5, "NY"), (6, "PR"), (8, "VI"), (9, "PR"), (10, "MA"), (28, "RI"), (30, "NH"), (39, "ME"),
    (50, "VT"), (55, "MA"), (56, "VT"), (60, "CT"), (70, "NJ"), (90, ""), (100, "NY"), (150, "PA"),
    (197, "DE"), (200, "DC"), (201, "VA"), (202, "DC"), (206, "MD"), (220, "VA"), (247, "WV"), (269, ""),
    (270, "NC"), (290, "SC"), (300, "GA"), (320, "FL"), (340, ""), (341, "FL"), (343, ""), (344, "FL"),
    (345, ""), (346, "FL"), (348, ""), (349, "FL"), (350, "AL"), (370, "TN"), (386, "MS"), (398, "GA"),
    (400, "KY"), (428, ""), (430, "OH"), (460, "IN"), (480, "MI"), (500, "IA"), (529, ""), (530, "WI"),
    (550, "MN"), (568, ""), (569, "DC"), (570, "SD"), (578, ""), (580, "ND"), (589, ""), (590, "MT"),
    (600, "IL"), (630, "MO"), (659, ""), (660, "KS"), (680, "NE"), (694, ""), (700, "LA"), (715, ""),
    (716, "AR"), (730, "OK"), (733, "TX"), (734, "OK"), (750, "TX"), (800, "CO"), (817, ""), (820, "WY"),
    (832, "ID"), (839, ""), (840, "UT"), (848, ""), (850, "AZ"), (866, ""), (870, "NM"), (885, "TX"),
    (886, ""), (889, "NV"), (899, ""), (900, "CA"), (962, ""), (967, "HI"), (969, "GU"), (970, "OR"),
    (980, "WA"), (995, "AK"),
)  # fmt: skip
_ZIP3_STARTS = tuple(start for start, _ in _ZIP3)
# First letter of a Canadian postal code -> province (Canada Post Addressing Guidelines).
_POSTAL_LETTER = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON",
    "M": "ON", "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT",
}  # fmt: skip
_NUNAVUT = ("X0A", "X0B", "X0C")

_CANADIAN = re.compile(r"([ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z])[\s-]?(\d[ABCEGHJ-NPRSTV-Z]\d)", re.ASCII)
_ZIP = re.compile(r"(\d{5})(?:[\s-]?(\d{4}))?", re.ASCII)
_BETWEEN_NAMES = re.compile(r"[()\-–,/]")
_AS_A_STATE = re.compile(
    r"(?:(?:state|province|commonwealth|etat|estado|provincia) (?:of |de |du |d )(?:la |l )?)?"
    r"(.+?)(?: state| province)?"
)
_ISO = re.compile(r"(US|CA)-([A-Z]{2})", re.IGNORECASE)
_TRAILING_COUNTRY = re.compile(r"[,\s]+(?:usa|u\.s\.a\.?|united states|canada)\.?$", re.IGNORECASE)
_TRAILING_CODE = re.compile(r"[,\s]+(\d{5}(?:-\d{4})?|[A-Za-z]\d[A-Za-z][\s-]?\d[A-Za-z]\d)$", re.ASCII)
_COUNTRIES = {
    **dict.fromkeys(("us", "usa", "u s", "u s a", "united states", "united states of america"), "US"),
    **dict.fromkeys(("america", "etats unis", "estados unidos", "ee uu", "eeuu"), "US"),
    **dict.fromkeys(("ca", "can", "canada"), "CA"),
}


@dataclass(frozen=True, slots=True)
class Address:
    """The parts of a one-line address that could be told apart; "" where not."""

    street: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""


def read_state(text: str) -> str | None:
    """Two-letter code of a US state, territory or Canadian province named in English, French or Spanish."""
    name = fold(text[:100])
    found = _STATES.get(name) or _STATES.get(name.replace(" ", ""))
    return found or _by_iso(text) or _as_a_state(name) or _state_at_end(text)


def _by_iso(text: str) -> str | None:
    """ "CA-ON" is Ontario: a country, and a part of it."""
    written = _ISO.fullmatch(text.strip())
    code = written[2].upper() if written else ""
    return code if written and _STATES.get(code.lower()) and country_of(code) == written[1].upper() else None


def _as_a_state(name: str) -> str | None:
    """ "state of texas", "washington state"."""
    plain = _AS_A_STATE.fullmatch(name)
    return _STATES.get(plain[1]) if plain else None


def _state_at_end(text: str) -> str | None:
    """ "California (CA)" and "TX - Texas": every part must name the same place."""
    names = [fold(part) for part in _BETWEEN_NAMES.split(text[:100]) if part.strip()]
    codes = {_STATES.get(name) for name in names if name in _STATES or name not in _COUNTRIES}
    return codes.pop() if len(codes) == 1 else None


def country_of(state: str) -> str:
    """ "US" or "CA" for a two-letter code, "" for none."""
    if not state:
        return ""
    return "CA" if state in _PROVINCES else "US"


def read_country(text: str) -> str | None:
    """ "US" or "CA"; None for any other country."""
    return _COUNTRIES.get(fold(text[:60]))


def read_postal_code(text: str) -> str | None:
    """ "78704", "78704-1234" or "M5V 2T6"; None for anything else."""
    line = tidy_line(text)[:20].upper()
    canadian = _CANADIAN.fullmatch(line)
    if canadian:
        return f"{canadian[1]} {canadian[2]}"
    american = _ZIP.fullmatch(line)
    if american:
        return "-".join(part for part in american.groups() if part)
    return None


def state_of_postal_code(code: str) -> str:
    """The state or province a postal code (as from read_postal_code) lies in, "" when it does not tell."""
    if not code:
        return ""
    if code[0].isdigit():
        return _ZIP3[bisect_right(_ZIP3_STARTS, int(code[:3])) - 1][1]
    if code[0] == "X":
        return "NU" if code.startswith(_NUNAVUT) else "NT"
    return _POSTAL_LETTER.get(code[0], "")


def read_address(text: str) -> Address:
    """Street, city, state and postal code of "2204 Pecan Hollow Dr, Austin, TX 78704" or "Austin, TX".

    What cannot be told apart stays in street when it begins with a number, in city otherwise.
    """
    rest = _TRAILING_COUNTRY.sub("", tidy_line(text)[:300])
    code = _TRAILING_CODE.search(rest)
    postal_code = (read_postal_code(code[1]) or "") if code else ""
    parts = [part.strip() for part in (rest[: code.start()] if code and postal_code else rest).split(",")]
    parts = [part for part in parts if part]
    state = (read_state(parts[-1]) or "") if len(parts) > 1 else ""
    if state:
        parts.pop()
    starts_with_number = bool(parts) and parts[0][:1].isdigit()
    if starts_with_number and (len(parts) == 1 or not state):
        return Address(street=", ".join(parts), state=state, postal_code=postal_code)
    city = parts.pop() if parts else ""
    return Address(", ".join(parts), city, state, postal_code)
