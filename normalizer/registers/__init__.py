"""What the operator's registers add to a record: a street's right name, and what is known of the subscriber."""

from normalizer.registers.completing import Hits, completed
from normalizer.registers.streets import Placed, StreetName, Streets

__all__ = ["Hits", "Placed", "StreetName", "Streets", "completed"]
