"""Many reports under one node of the network in a short time are one suspected outage."""

from classifier.outages.rates import Rates
from classifier.outages.watch import Sighting, Suspicion, Watch

__all__ = ["Rates", "Sighting", "Suspicion", "Watch"]
