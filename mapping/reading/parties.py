"""Who an inquiry is about: borrower, co-borrower and referral partner, from the answers about them."""

from __future__ import annotations

from dataclasses import replace

from mapping.inquiry import Party
from mapping.normalize.emails import is_sole_email, read_email
from mapping.normalize.names import Name, read_name, read_name_parts, read_suffix
from mapping.normalize.phones import Phone, read_phone
from mapping.normalize.places import read_address, read_postal_code, read_state
from mapping.normalize.text import fold, without_markup
from mapping.reading.sheet import Sheet, read_birth_hash


def read_parties(sheet: Sheet, country: str) -> tuple[Party, Party | None]:
    """The borrower, and the co-borrower when one is named. country is where phone numbers are dialled."""
    name, second = _name(sheet, "")
    borrower = replace(
        _reach(sheet, "", country, name),
        middle_name=without_markup(sheet.text("middle_name")) or name.middle,
        suffix=sheet.read("suffix", read_suffix) or name.suffix,
        company=without_markup(sheet.text("company")) or name.company,
    )
    co_name, _ = _name(sheet, "co_")
    if not (co_name.first or co_name.last) and second:
        co_name = second
    co_borrower = replace(
        _reach(sheet, "co_", country, co_name), relationship=without_markup(sheet.text("co_relationship"))
    )
    return _with_address(sheet, borrower), co_borrower if co_borrower != Party() else None


def read_partner(sheet: Sheet, country: str) -> Party | None:
    """The referral partner, when one is named."""
    name, _ = read_name(sheet.text("partner_name"))
    partner = replace(
        _reach(sheet, "partner_", country, name), company=without_markup(sheet.text("partner_company"))
    )
    if not partner.company and name.company:
        partner = replace(partner, company=name.company)
    return partner if partner != Party() else None


def _name(sheet: Sheet, who: str) -> tuple[Name, Name | None]:
    """The name from its parts, its whole, or both ("Nom" beside "Prénom" is the last name)."""
    first, last = sheet.text(f"{who}first_name"), sheet.text(f"{who}last_name")
    full = sheet.text(f"{who}full_name")
    if full and not first and not last:
        names = read_name(full)
        if names[0] == Name():
            sheet.keep_field(f"{who}full_name")
        return names
    if full and not first:
        first = _without(full, last)
    elif full and not last:
        last = _without(full, first)
    return read_name_parts(first, last)


def _without(full: str, part: str) -> str:
    """full less part at its beginning or end; full itself when part is not in it or is all of it."""
    words, known = full.split(), fold(part)
    count = len(part.split())
    if len(words) > count and fold(" ".join(words[-count:])) == known:
        return " ".join(words[:-count])
    if len(words) > count and fold(" ".join(words[:count])) == known:
        return " ".join(words[count:])
    return full


def _reach(sheet: Sheet, who: str, country: str, name: Name) -> Party:
    """A party with name, email, phone and birth hash."""
    phone = _phone(sheet, f"{who}phone", country)
    email = sheet.read(f"{who}email", read_email, "invalid_email") or ""
    first_email = sheet.answered(f"{who}email") and sheet.answers(f"{who}email")[0]
    if first_email and not (email and is_sole_email(first_email.text)):
        sheet.keep_field(f"{who}email")
    extension = "".join(filter(str.isdigit, sheet.text("phone_ext")))[:7] if not who else ""
    return Party(
        first_name=name.first,
        middle_name=name.middle,
        last_name=name.last,
        suffix=name.suffix,
        email=email,
        phone=phone.number if phone else "",
        phone_ext=(phone.ext or extension) if phone else "",
        birth_hash=sheet.read(f"{who}date_of_birth", read_birth_hash) or "",
    )


def _phone(sheet: Sheet, field: str, country: str) -> Phone | None:
    phone = sheet.read(field, lambda text: read_phone(text, country), "ambiguous_phone")
    if phone and not phone.alone:
        sheet.keep_field(field)
        sheet.flag("ambiguous_phone")
    return phone


def _with_address(sheet: Sheet, borrower: Party) -> Party:
    """The borrower with an address; one given on a single line fills the parts that were not asked apart."""
    whole = read_address(without_markup(sheet.text("street")))
    return replace(
        borrower,
        street=whole.street,
        city=without_markup(sheet.text("city")) or whole.city,
        state=sheet.read("state", read_state, "unknown_state") or whole.state,
        postal_code=sheet.read("postal_code", read_postal_code) or whole.postal_code,
    )
