"""The sorting table: typical fix or incident, from rules and a knowledge base; functions of their arguments."""

from classifier.decision import classify, under_outage
from classifier.knowledge import Knowledge, Match
from classifier.routing import Routed, Routing

__all__ = ["Knowledge", "Match", "Routed", "Routing", "classify", "under_outage"]
