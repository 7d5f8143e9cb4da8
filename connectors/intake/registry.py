"""The ways in that an intake path can choose from, by the name its configuration uses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from connectors.intake.base import Adapter
from connectors.intake.csv_rows import CsvRows
from connectors.intake.form import Form
from connectors.intake.hosted import HostedForm
from connectors.intake.mismo import Mismo
from connectors.intake.typeform import Typeform

ADAPTERS: Mapping[str, Adapter] = MappingProxyType(
    {
        "csv": CsvRows(),
        "form": Form(),
        "hosted_form": HostedForm(),
        "mismo": Mismo(),
        "typeform": Typeform(),
    }
)
