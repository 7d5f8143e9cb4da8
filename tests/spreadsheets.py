"""Invented spreadsheets of leads, as they come out of other systems."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.people import form_fields, person

COLUMNS = {
    "Lead ID": "",
    "First Name": "first_name",
    "Last Name": "last_name",
    "E-mail": "email",
    "Phone No": "phone",
    "Loan Purpose": "loan_type",
    "Property State": "property_state",
    "Loan Amount": "loan_amount",
    "Notes": "message",
}


def write_leads(file: Path, rows: int, *, first: int = 0, unreachable: int = 0) -> None:
    """A CSV file of this many leads; every unreachable-th has no way to reach the person (0: none)."""
    with file.open("w", newline="", encoding="utf-8") as opened:
        lines = csv.writer(opened)
        lines.writerow(COLUMNS)
        for number in range(first, first + rows):
            fields = form_fields(person(number), number)
            if unreachable and number % unreachable == 0:
                fields |= {"email": "", "phone": "n/a"}
            lines.writerow([f"L-{number}", *(fields[key] for key in list(COLUMNS.values())[1:])])
