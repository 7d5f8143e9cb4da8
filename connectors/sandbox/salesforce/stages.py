"""Sales stages: what each says about an opportunity that reaches it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StageSeed:
    """One value of Opportunity.StageName. probability is a percentage, forecast a ForecastCategoryName."""

    name: str
    probability: int
    forecast: str = "Pipeline"
    closed: bool = False
    won: bool = False


CATEGORIES = {  # ForecastCategoryName → ForecastCategory
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "Best Case": "BestCase",
    "Commit": "Forecast",
    "Closed": "Closed",
}
DEFAULT_STAGES = (
    StageSeed("Prospecting", 10),
    StageSeed("Qualification", 10),
    StageSeed("Needs Analysis", 20),
    StageSeed("Value Proposition", 50),
    StageSeed("Id. Decision Makers", 60),
    StageSeed("Perception Analysis", 70),
    StageSeed("Proposal/Price Quote", 75),
    StageSeed("Negotiation/Review", 90, "Commit"),
    StageSeed("Closed Won", 100, "Closed", closed=True, won=True),
    StageSeed("Closed Lost", 0, "Omitted", closed=True),
)
