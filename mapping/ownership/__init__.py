"""Who owns an inquiry: gates, rules, turns, and how each decision is made."""
