"""The Salesforce connector."""

from __future__ import annotations

from connectors.crm.salesforce.crm import SalesforceCrm
from connectors.crm.salesforce.login import ClientCredentials, JwtBearer, Login

__all__ = ["ClientCredentials", "JwtBearer", "Login", "SalesforceCrm"]
